#pragma once

#include "sim/invariant/invariant.h"

namespace confab::sim {

// When everyone has left, the server is as it was before anyone came.
class NothingStays final : public Invariant {
 public:
  explicit NothingStays(const World& world) : world_(world) {}
  std::string_view name() const override { return "nothing-stays"; }

  void AtEnd(Timestamp now) override;

 private:
  World world_;
};

}  // namespace confab::sim
