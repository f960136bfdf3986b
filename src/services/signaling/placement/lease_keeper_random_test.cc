// Two signaling instances, one store, two media instances, and every way between them that delays
// or loses what is sent: never do both media instances hold the room.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/random.h"
#include "services/signaling/placement/lease_keeper.h"

namespace confab::signaling {
namespace {

constexpr const char* kTrialRoom = "room";
constexpr TimeDelta kStoreDeadline = TimeDelta::Seconds(3);
constexpr TimeDelta kFaults = TimeDelta::Seconds(90);
constexpr TimeDelta kCalm = TimeDelta::Seconds(40);
constexpr Timestamp kTrialStart = Timestamp::Millis(1'000'000);
constexpr size_t kKeepers = 2;
const std::vector<std::string> kMedia = {"a", "b"};

// Who held the room from when to when.
struct Holding {
  std::string media;
  Timestamp from;
  Timestamp until;
};

// Two of them at a time, if there are any.
std::optional<std::pair<Holding, Holding>> FindDoubleOwner(const std::vector<Holding>& history) {
  for (const Holding& a : history) {
    for (const Holding& b : history) {
      if (a.media < b.media && a.from < b.until && b.from < a.until) return std::pair(a, b);
    }
  }
  return std::nullopt;
}

// The lease of the one room at one media instance, by the rules of media.
struct TrialMedia {
  bool is_running = true;
  int process = 0;
  bool is_full = false;
  int64_t epoch = 0;
  Timestamp ends_at = Timestamp::Past();

  bool IsLive(Timestamp now) const { return is_running && ends_at > now; }
  LeaseAnswer Lease(Timestamp now, const LeaseMedia& call) {
    const int64_t wanted = call.home.epoch;
    if (call.kind == LeaseKind::kTake && call.process != std::to_string(process)) {
      return LeaseAnswer::kReplaced;
    }
    if (wanted < epoch) return LeaseAnswer::kNewer;
    if (wanted == epoch && !IsLive(now)) return LeaseAnswer::kOver;
    if (wanted > epoch && call.kind == LeaseKind::kRenew) {
      return IsLive(now) ? LeaseAnswer::kOlder : LeaseAnswer::kOver;
    }
    if (wanted > epoch && is_full && !IsLive(now)) {
      epoch = wanted;
      ends_at = Timestamp::Past();
      return LeaseAnswer::kNoPlace;
    }
    epoch = wanted;
    ends_at = now + RoomLease::kMediaLease;
    return LeaseAnswer::kGranted;
  }
};

class World {
 public:
  explicit World(uint64_t seed) : random_(seed) {
    for (size_t k = 0; k < kKeepers; ++k) StartKeeper(k);
    Every(LeaseKeeper::kStep, [this] {
      for (auto& keeper : keepers_) {
        keeper->SetCandidates();
        keeper->keeper.Step(now_);
      }
      CarryOut();
    });
    Every(TimeDelta::Millis(400), [this] {
      for (size_t k = 0; k < kKeepers; ++k) {
        for (size_t m = 0; m < kMedia.size(); ++m) {
          if (!media_[m].is_running && !media_cut_[k][m]) TellReach(k, m);
        }
      }
    });
  }

  void Run(TimeDelta time) {
    const Timestamp end = now_ + time;
    while (!tasks_.empty() && tasks_.begin()->first <= end) {
      now_ = std::max(now_, tasks_.begin()->first);
      auto task = std::move(tasks_.begin()->second);
      tasks_.erase(tasks_.begin());
      task();
      CarryOut();
    }
    now_ = end;
  }

  // Breaks or mends something.
  void Disturb() {
    const size_t k = random_.Below(kKeepers);
    const size_t m = random_.Below(kMedia.size());
    switch (random_.Below(9)) {
      case 0: store_cut_[k] = !store_cut_[k]; break;
      case 1: store_cut_[0] = store_cut_[1] = random_.Below(2) == 0; break;
      case 2:
      case 3: Cut(k, m, !media_cut_[k][m]); break;
      case 4: Crash(m); break;
      case 5: Restart(m); break;
      case 6: StartKeeper(k); break;
      case 7: delay_ = TimeDelta::Millis(random_.Below(2) == 0 ? 5 : 900); break;
      default: media_[m].is_full = !media_[m].is_full; break;
    }
    CarryOut();
  }
  void Mend() {
    store_cut_ = {};
    delay_ = TimeDelta::Millis(5);
    for (size_t m = 0; m < kMedia.size(); ++m) {
      Restart(m);
      media_[m].is_full = false;
      for (size_t k = 0; k < kKeepers; ++k) Cut(k, m, false);
    }
  }

  const std::vector<Holding>& history() const { return history_; }
  // Why not everybody is at one home that holds the lease; "" if they are.
  std::string Unrest() const {
    const auto& home = keepers_[0]->keeper.Find(kTrialRoom)->home();
    if (!home) return "the first keeper has no home for the room";
    if (keepers_[1]->keeper.Find(kTrialRoom)->home() != home) return "the keepers do not agree";
    if (row_.media_instance != home->media_instance || row_.epoch != home->epoch) {
      return "the row says something else";
    }
    const TrialMedia& media = media_[home->media_instance == "a" ? 0 : 1];
    return media.IsLive(now_) && media.epoch == home->epoch ? "" : "media does not hold it";
  }

 private:
  struct Keeper {
    explicit Keeper(uint64_t seed) : random(seed) { SetCandidates(); }
    void SetCandidates() {
      choice.SetCandidates({{.id = "a", .region = "north"}, {.id = "b", .region = "north"}});
    }
    Prng random;
    PlacementChoice choice{random};
    LeaseKeeper keeper{choice};
  };
  using Answer = std::function<void(Keeper&)>;

  void StartKeeper(size_t k) {
    keepers_[k] = std::make_shared<Keeper>(random_.Next());
    told_[k] = {};
    for (size_t m = 0; m < kMedia.size(); ++m) TellReach(k, m);
    ASSERT_TRUE(keepers_[k]->keeper.Want(now_, kTrialRoom, "north"));
  }
  void After(TimeDelta delay, std::function<void()> task) {
    tasks_.emplace(now_ + delay, std::move(task));
  }
  void Every(TimeDelta period, const std::function<void()>& task) {
    After(period, [this, period, task] {
      task();
      Every(period, task);
    });
  }
  TimeDelta Delay() {
    return TimeDelta::Micros(
        static_cast<int64_t>(random_.Below(static_cast<uint64_t>(delay_.us()))));
  }

  void Cut(size_t k, size_t m, bool is_cut) {
    media_cut_[k][m] = is_cut;
    const auto noticed = TimeDelta::Millis(static_cast<int64_t>(random_.Below(3000)));
    After(is_cut ? noticed : TimeDelta::Millis(300), [this, k, m] { TellReach(k, m); });
  }
  void Crash(size_t m) {
    media_[m] = {.is_running = false, .process = media_[m].process};
    for (Holding& holding : history_) {
      if (holding.media == kMedia[m]) holding.until = std::min(holding.until, now_);
    }
    for (size_t k = 0; k < kKeepers; ++k) {
      After(Delay(), [this, k, m] { TellReach(k, m); });
    }
  }
  void Restart(size_t m) {
    if (media_[m].is_running) return;
    media_[m] = {.process = media_[m].process + 1};
    for (size_t k = 0; k < kKeepers; ++k) {
      After(Delay(), [this, k, m] { TellReach(k, m); });
    }
  }
  void TellReach(size_t k, size_t m) {
    LeaseKeeper& keeper = keepers_[k]->keeper;
    const MediaReach reach = media_cut_[k][m]       ? MediaReach::kSilent
                             : media_[m].is_running ? MediaReach::kUp
                                                    : MediaReach::kDead;
    // Whoever found nobody there and is cut off then goes on believing that.
    if (reach == MediaReach::kSilent && told_[k][m] == MediaReach::kDead) return;
    told_[k][m] = reach;
    if (reach == MediaReach::kUp) {
      keeper.HandleUp(now_, kMedia[m], std::to_string(media_[m].process));
    } else {
      keeper.SetReach(now_, kMedia[m], reach);
    }
  }

  void CarryOut() {
    for (size_t k = 0; k < kKeepers; ++k) {
      for (const PlacementCall& call : keepers_[k]->keeper.TakeCalls()) {
        if (const auto* lease = std::get_if<LeaseMedia>(&call.what)) {
          AskMedia(k, call.ticket, *lease);
        } else if (const auto* held = std::get_if<TellHeld>(&call.what)) {
          After(Delay(), [this, other = 1 - k, home = held->home] {
            keepers_[other]->keeper.HandleHeard(now_, kTrialRoom, home);
          });
        } else if (std::holds_alternative<FindRow>(call.what) ||
                   std::holds_alternative<ClaimRow>(call.what) ||
                   std::holds_alternative<RenewRow>(call.what)) {
          AskStore(k, call);
        }
      }
    }
  }
  // `ask` runs at the other end unless it is cut off; the answer, or `fault`, comes to the keeper
  // that asked, if it is still there.
  void Ask(size_t k, const bool& is_cut, TimeDelta deadline, const std::function<Answer()>& ask,
           const Answer& fault) {
    // Shared by the two that race.
    const auto is_answered = std::make_shared<bool>(false);
    const auto tell = [this, is_answered, k, asker = keepers_[k]](const Answer& answer) {
      if (std::exchange(*is_answered, true) || keepers_[k] != asker) return;
      answer(*asker);
    };
    After(deadline, [tell, fault] { tell(fault); });
    if (is_cut) return;
    After(Delay(), [this, tell, ask, &is_cut] {
      if (is_cut) return;
      After(Delay(), [tell, answer = ask(), &is_cut] {
        if (!is_cut) tell(answer);
      });
    });
  }
  void AskMedia(size_t k, uint64_t ticket, const LeaseMedia& lease) {
    const size_t m = lease.home.media_instance == "a" ? 0 : 1;
    const auto answer = [this, ticket](LeaseAnswer what) {
      return [this, ticket, what](Keeper& keeper) {
        keeper.keeper.HandleLease(now_, kTrialRoom, ticket, what);
      };
    };
    Ask(
        k, media_cut_[k][m], RoomLease::kMediaDeadline,
        [this, m, lease, answer]() -> Answer {
          if (!media_[m].is_running) return answer(LeaseAnswer::kDead);
          const LeaseAnswer what = media_[m].Lease(now_, lease);
          if (what == LeaseAnswer::kGranted) {
            history_.push_back({kMedia[m], now_, media_[m].ends_at});
          }
          return answer(what);
        },
        answer(LeaseAnswer::kSilent));
  }
  void AskStore(size_t k, const PlacementCall& call) {
    const uint64_t ticket = call.ticket;
    Ask(
        k, store_cut_[k], kStoreDeadline, [this, call]() -> Answer { return AtStore(call); },
        [this, ticket](Keeper& keeper) {
          keeper.keeper.HandleStoreFault(now_, kTrialRoom, ticket);
        });
  }
  Answer AtStore(const PlacementCall& call) {
    const uint64_t ticket = call.ticket;
    if (const auto* claim = std::get_if<ClaimRow>(&call.what)) {
      const bool is_granted = row_ == claim->seen;
      if (is_granted) row_ = {claim->media_instance, claim->seen.epoch + 1, 0};
      return [this, ticket, is_granted, seen = claim->seen, row = row_](Keeper& keeper) {
        keeper.keeper.HandleClaimed(now_, kTrialRoom, ticket,
                                    is_granted ? ClaimAnswer::kGranted : ClaimAnswer::kRefused,
                                    seen, row);
      };
    }
    if (const auto* renew = std::get_if<RenewRow>(&call.what)) {
      const bool is_ours = row_.epoch == renew->epoch;
      if (is_ours) ++row_.renewals;
      return [this, ticket, is_ours](Keeper& keeper) {
        keeper.keeper.HandleRenewed(now_, kTrialRoom, ticket,
                                    is_ours ? RenewalAnswer::kRenewed : RenewalAnswer::kLost);
      };
    }
    return [this, ticket, row = row_](Keeper& keeper) {
      keeper.keeper.HandleFound(now_, kTrialRoom, ticket, row);
    };
  }

  Prng random_;
  Timestamp now_ = kTrialStart;
  std::multimap<Timestamp, std::function<void()>> tasks_;
  std::array<std::shared_ptr<Keeper>, kKeepers> keepers_;  // shared with the answers on their way
  std::array<TrialMedia, 2> media_;
  std::array<std::array<std::optional<MediaReach>, 2>, kKeepers> told_;
  PlacementSight row_;
  std::array<bool, kKeepers> store_cut_ = {};
  std::array<std::array<bool, 2>, kKeepers> media_cut_ = {};
  TimeDelta delay_ = TimeDelta::Millis(5);
  std::vector<Holding> history_;
};

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): tests have one thread
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void RunOne(uint64_t seed) {
  SCOPED_TRACE("CONFAB_PLACEMENT_SEED=" + std::to_string(seed));
  World world(seed);
  Prng faults(seed + 1'000'000);
  for (TimeDelta past; past < kFaults;) {
    const auto pause = TimeDelta::Millis(static_cast<int64_t>(faults.Below(8000)));
    world.Run(pause);
    world.Disturb();
    past += pause;
  }
  world.Mend();
  world.Run(kCalm);
  EXPECT_EQ(world.Unrest(), "");
  const auto twice = FindDoubleOwner(world.history());
  EXPECT_FALSE(twice.has_value()) << (twice ? twice->first.media + " from " +
                                                  std::to_string(twice->first.from.ms()) + " to " +
                                                  std::to_string(twice->first.until.ms()) + ", " +
                                                  twice->second.media + " from " +
                                                  std::to_string(twice->second.from.ms())
                                            : "");
}

TEST(LeaseKeeperRandomTest, NeverGivesARoomTwoHomesAndAlwaysOneInTheEnd) {
  if (const uint64_t seed = FromEnvironment("CONFAB_PLACEMENT_SEED", 0)) return RunOne(seed);
  const uint64_t seeds = FromEnvironment("CONFAB_PLACEMENT_SEEDS", 2000);
  for (uint64_t seed = 1; seed <= seeds && !::testing::Test::HasFailure(); ++seed) RunOne(seed);
}

TEST(LeaseKeeperRandomTest, HasACheckerThatNoticesTwoHomes) {
  const auto at = [](int64_t ms) { return kTrialStart + TimeDelta::Millis(ms); };
  const std::vector<Holding> good = {
      {"a", at(0), at(5000)}, {"a", at(1000), at(6000)}, {"b", at(6000), at(11'000)}};
  EXPECT_FALSE(FindDoubleOwner(good).has_value());
  std::vector<Holding> planted = good;
  planted.push_back({"a", at(10'999), at(15'999)});
  EXPECT_TRUE(FindDoubleOwner(planted).has_value());
}

}  // namespace
}  // namespace confab::signaling
