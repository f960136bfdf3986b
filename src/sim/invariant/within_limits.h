#pragma once

#include <deque>

#include "sim/invariant/invariant.h"

namespace confab::sim {

// The server keeps no more packets than its caches may: so many for each video producer and each
// transport, and none that came longer ago than they keep anything. Queues that never fill in a
// simulated room have not filled.
class WithinLimits final : public Invariant {
 public:
  explicit WithinLimits(const World& world) : world_(world) {}
  std::string_view name() const override { return "within-limits"; }

  void OnServerArrival() override { ++arrived_; }
  void AtStepEnd(Timestamp now) override;
  void EverySecond(Timestamp now) override;
  void AtEnd(Timestamp now) override;

 private:
  struct Second {
    Timestamp until;
    uint64_t arrived;
  };
  size_t Allowed() const;
  void CheckClosed();
  void CheckDrops(const rtc::DropCounters& drops, std::string_view whose);

  World world_;
  uint64_t arrived_ = 0;           // since the last EverySecond
  std::deque<Second> arrived_in_;  // of the seconds that caches may still hold
};

}  // namespace confab::sim
