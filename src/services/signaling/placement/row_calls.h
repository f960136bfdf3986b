#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "backends/store/placement_store.h"
#include "base/random.h"
#include "base/units.h"
#include "net/asio.h"
#include "services/signaling/placement/lease_keeper.h"

namespace confab::signaling {

// Makes the calls of a LeaseKeeper to the store, and gives it the answers: renewals many in one,
// the others one by one and a few at a time. One thread; the store and the keeper outlive it, and
// it may end while calls are under way.
class RowCalls {
 public:
  // Finds, claims and releases that are under way; the others wait. Of a room at most one waits.
  static constexpr size_t kMaxAtOnce = 16;
  // Releases that wait. Beyond: they are not made, and whoever comes next waits the row out.
  static constexpr size_t kMaxReleases = 10'000;

  // A store that takes longer is taken for away. Shorter than RoomLease::kTrust: calls outlive a
  // store that hangs. An answer that comes later is not looked at: the row will show.
  static constexpr TimeDelta kAnswerLimit = TimeDelta::Seconds(3);

  struct Counters {
    uint64_t claims_granted = 0;
    uint64_t claims_refused = 0;  // another was first
    uint64_t faults = 0;
    TimeDelta lag;  // of the last answer
  };
  // Runs a coroutine beside everything else.
  using Spawn = std::function<void(asio::awaitable<void>)>;

  // `on_answer`: the keeper has been told something, and may want more.
  RowCalls(store::PlacementStore& rows, LeaseKeeper& keeper, Spawn spawn,
           std::function<void()> on_answer, TimeDelta answer_limit = kAnswerLimit);
  RowCalls(const RowCalls&) = delete;
  RowCalls& operator=(const RowCalls&) = delete;

  // A FindRow, ClaimRow, RenewRow or ReleaseRow; made with the next Start.
  void Add(PlacementCall call);
  void Start();

  const Counters& counters() const { return counters_; }

 private:
  struct Waiting {
    PlacementCall call;
    Timestamp since;
  };
  using Alive = std::weak_ptr<int>;
  // One call of the store, for one room or several.
  struct Question {
    explicit Question(const asio::any_io_executor& executor) : limit(executor) {}
    asio::steady_timer limit;
    bool is_given_up = false;
  };
  using QuestionPtr = std::shared_ptr<Question>;  // the timer's, too

  QuestionPtr Ask(const asio::any_io_executor& executor, const std::vector<Waiting>& for_whom);
  // The store has answered. False: nobody waits any more.
  bool Answered(Question& question, Timestamp since);

  asio::awaitable<void> Work(Alive alive);
  asio::awaitable<void> Find(Waiting waiting, Alive alive);
  asio::awaitable<void> Claim(Waiting waiting, Alive alive);
  asio::awaitable<void> Release(Waiting waiting, Alive alive);
  asio::awaitable<void> Renew(std::vector<Waiting> renewals, Alive alive);
  void HandleFault(const Waiting& waiting);

  store::PlacementStore& rows_;
  LeaseKeeper& keeper_;
  const Spawn spawn_;
  const std::function<void()> on_answer_;
  const TimeDelta answer_limit_;
  std::vector<Waiting> renewals_;
  std::deque<Waiting> waiting_;
  size_t releases_ = 0;  // that wait
  size_t working_ = 0;
  SecureRandom random_;
  Counters counters_;
  // What coroutines hold weakly.
  std::shared_ptr<int> alive_ = std::make_shared<int>();
};

}  // namespace confab::signaling
