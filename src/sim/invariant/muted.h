#pragma once

#include "sim/invariant/invariant.h"

namespace confab::sim {

// While a producer or a consumer is paused, none of its media is sent. Repetitions of what was sent
// before are.
class Muted final : public Invariant {
 public:
  std::string_view name() const override { return "muted"; }

  void OnServerPacket(Timestamp now, const ServerPacket& packet) override;
};

}  // namespace confab::sim
