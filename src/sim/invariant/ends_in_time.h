#pragma once

#include <map>
#include <string_view>

#include "sim/invariant/invariant.h"

namespace confab::sim {

// Whoever has gone without a word is noticed, and nobody else is given up: a transport ends by
// itself when no check of its peer has been answered for kPatience, not before and not much later.
// Connecting may fail, but not sooner either.
class EndsInTime final : public Invariant {
 public:
  // An answer is good for so long (RFC 7675 §5.1); DTLS has the same time. Said here once more, so
  // that the server's own constants are measured by it.
  static constexpr TimeDelta kPatience = TimeDelta::Seconds(30);
  static constexpr TimeDelta kGrace = TimeDelta::Seconds(1);

  explicit EndsInTime(const World& world) : world_(world) {}
  std::string_view name() const override { return "ends-in-time"; }

  void OnServerDatagram(Timestamp now, const rtc::Path& path, BytesView bytes) override;
  void OnWorkerEvent(Timestamp now, const sfu::WorkerEvent& event) override;
  void EverySecond(Timestamp now) override;

 private:
  bool MayEnd(Timestamp now, const TransportEntry& transport, std::string_view reason) const;
  TimeDelta SilentFor(Timestamp now, const TransportEntry& transport) const;

  World world_;
  // When a check was answered last; looked up, never walked.
  std::map<const TransportEntry*, Timestamp> answered_at_;
};

}  // namespace confab::sim
