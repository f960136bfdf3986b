#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <utility>
#include <variant>

#include "services/signaling/placement/lease_keeper.h"

namespace confab::signaling {

inline constexpr const char* kRoom = "room";

// One keeper, whose calls the test answers by hand.
class LeaseKeeperTest : public ::testing::Test {
 protected:
  void SetUp() override {
    choice_.SetCandidates({{.id = "a", .region = "north"}});
    keeper_.SetReach(now_, "a", MediaReach::kUp);
    keeper_.SetReach(now_, "b", MediaReach::kUp);
  }
  void Want() { ASSERT_TRUE(keeper_.Want(now_, kRoom, "north")); }
  // Steps through time; what was asked for is kept, the newest of each kind.
  void Pass(TimeDelta time) {
    for (const Timestamp end = now_ + time; now_ < end;) {
      now_ = now_ + LeaseKeeper::kStep;
      keeper_.Step(now_);
      Collect();
    }
  }
  void Collect() {
    for (PlacementCall& call : keeper_.TakeCalls()) {
      calls_[call.what.index()] = std::move(call);
    }
  }
  // The newest call of this kind since it was last taken.
  template <typename Call>
  std::optional<Call> Taken() {
    Collect();
    for (auto& [index, call] : calls_) {
      if (const auto* what = std::get_if<Call>(&call.what)) {
        ticket_ = call.ticket;
        Call taken = *what;
        calls_.erase(index);
        return taken;
      }
    }
    return std::nullopt;
  }
  void Find(const PlacementSight& sight) {
    ASSERT_TRUE(Taken<FindRow>());
    keeper_.HandleFound(now_, kRoom, ticket_, sight);
  }
  void Lease(LeaseAnswer answer) {
    ASSERT_TRUE(Taken<LeaseMedia>());
    keeper_.HandleLease(now_, kRoom, ticket_, answer);
  }
  void Claim(ClaimAnswer answer, const PlacementSight& sight) {
    ASSERT_TRUE(Taken<ClaimRow>());
    keeper_.HandleClaimed(now_, kRoom, ticket_, answer, {}, sight);
  }
  // Held at "a" with epoch 1.
  void Hold() {
    Want();
    Find({});
    Claim(ClaimAnswer::kGranted, {"a", 1, 0});
    Lease(LeaseAnswer::kGranted);
    ASSERT_EQ(state(), RoomLease::State::kHeld);
    ASSERT_TRUE(Taken<HomeFound>());
  }
  // Held for so long that its claim is settled, with the store and media answering.
  void HoldFor(TimeDelta time) {
    for (const Timestamp end = now_ + time; now_ < end;) {
      Pass(LeaseKeeper::kStep);
      if (Taken<RenewRow>()) {
        keeper_.HandleRenewed(now_, kRoom, ticket_, RenewalAnswer::kRenewed);
        ++renewals_;
      }
      if (Taken<LeaseMedia>()) keeper_.HandleLease(now_, kRoom, ticket_, LeaseAnswer::kGranted);
    }
  }
  RoomLease::State state() const { return keeper_.Find(kRoom)->state(); }
  std::optional<Home> home() const { return keeper_.Find(kRoom)->home(); }

  Timestamp now_ = Timestamp::Millis(1'000'000);
  Prng random_{3};
  PlacementChoice choice_{random_};
  LeaseKeeper keeper_{choice_};
  std::map<size_t, PlacementCall> calls_;
  uint64_t ticket_ = 0;
  int64_t renewals_ = 0;  // of the row
};

}  // namespace confab::signaling
