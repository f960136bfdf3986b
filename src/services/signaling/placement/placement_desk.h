#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "backends/store/placement_store.h"
#include "base/error.h"
#include "base/random.h"
#include "net/asio.h"
#include "services/signaling/media/media_pool.h"
#include "services/signaling/placement/lease_calls.h"
#include "services/signaling/placement/lease_keeper.h"
#include "services/signaling/placement/media_loads.h"
#include "services/signaling/placement/placement_choice.h"
#include "services/signaling/placement/placement_status.h"
#include "services/signaling/placement/row_calls.h"

namespace confab::signaling {

// Hears of the homes of rooms, on the io_context's thread.
class PlacementListener {
 public:
  virtual ~PlacementListener() = default;

  enum class Move : uint8_t {
    kFirst,          // nobody knew of another one before
    kSameInstance,   // another epoch at the same media instance: what is there may live on
    kOtherInstance,  // everything that was at the one before is lost
  };
  // Commands go there from now on.
  virtual void OnHome(const std::string& room, const Home& home, Move move) = 0;
  // Commands go nowhere for the moment.
  virtual void OnNoHome(const std::string& room) = 0;
  // For the other signaling instances, by the bus: this one renews the lease without the store.
  virtual void OnHeld(const std::string&, const Home&) {}
};

// Gives the rooms of this signaling instance their homes: steps a LeaseKeeper, makes its calls to
// the store and to media, and lets joins wait. Lives on the io_context's thread. What it is given
// outlives it; it may go while calls are under way, but not within a call to its listener.
class PlacementDesk {
 public:
  // How long a join waits for the room's home.
  static constexpr TimeDelta kHomeWait = TimeDelta::Seconds(4);

  // Of a router that ends.
  static constexpr int kCloseAttempts = 2;

  struct Options {
    std::string region;  // of this signaling instance: media there is preferred
    // Must not throw. May be empty.
    std::function<void(const PlacementNews&)> on_news = {};
    TimeDelta answer_limit = RowCalls::kAnswerLimit;  // of the store
  };
  // Runs a coroutine beside everything else.
  using Spawn = std::function<void(asio::awaitable<void>)>;

  PlacementDesk(asio::io_context& io, store::PlacementStore& rows, MediaPool& pool,
                PlacementListener& listener, Spawn spawn, Options options);
  PlacementDesk(const PlacementDesk&) = delete;
  PlacementDesk& operator=(const PlacementDesk&) = delete;

  // Waits until the room, which gets a home from here on, has one. Errors: why there is none at
  // the moment; kPlacementUnavailable after kHomeWait, or when it is not wanted any more;
  // kLimitExceeded. A room that is wanted is to be ended by End.
  asio::awaitable<Result<void>> Find(std::string room, std::function<bool()> is_wanted) {
    return FindFor(std::move(room), std::move(is_wanted), alive_);
  }
  // Nobody is in the room here any more: these transports are closed, and the router with them if
  // nobody else's are on it. Only then the row is given back.
  void End(const std::string& room, std::vector<std::string> transport_ids);
  // No step any more. After End for all rooms.
  void Stop() { timer_.cancel(); }

  // ---- What the pool tells
  void HandleUp(const std::string& media_instance);
  void HandleDown(const std::string& media_instance);
  void HandleRefused(const std::string& media_instance);
  void HandleLoad(const std::string& media_instance, const media::v1::Load& load);
  void HandleRouterClosed(const std::string& media_instance, const media::v1::RouterClosed& closed);
  // Another signaling instance's OnHeld.
  void HandleHeard(const std::string& room, const Home& home);

  // nullptr: no room here has this router.
  const std::string* RoomOf(const std::string& router_id) const;
  PlacementStatus status() const;

 private:
  struct Entry {
    std::optional<Home> home;      // where commands go
    std::optional<Home> last;      // the newest that it had
    std::optional<Home> unproven;  // somebody's claim, whose lease has not been seen alive yet
    bool is_ending = false;        // its router is being closed
    uint64_t refusals = 0;
    Error refusal;                  // the last
    bool is_told_homeless = false;  // since it had a home
    std::vector<asio::steady_timer*> waiting;
  };
  using Alive = std::weak_ptr<int>;

  // The room's, which is wanted from now on. Error: kLimitExceeded.
  Result<std::shared_ptr<Entry>> Want(const std::string& room);
  asio::awaitable<Result<void>> FindFor(std::string room, std::function<bool()> is_wanted,
                                        Alive alive);
  asio::awaitable<void> WaitForChange(std::shared_ptr<Entry> entry, Timestamp deadline);
  static void Wake(Entry& entry);
  void Forget(const std::string& room);
  asio::awaitable<void> Close(std::string room, Home home, std::vector<std::string> transport_ids,
                              Alive alive);
  void StepLater();
  void Step();
  void NoticeSilence();
  void RefreshCandidates();
  // Carries out what the keeper wants, until it wants nothing.
  void Carry();
  void CarryOne(PlacementCall call);
  void HandleHome(const std::string& room, const Home& home);
  void HandleNoHome(const std::string& room, NoHome no_home);
  void HandleSight(const std::string& room, const Home& home, LeaseSight sight);
  void Settle(const std::string& room, Entry& entry, const Home& home);
  void Tell(const PlacementNews& news) const;
  std::shared_ptr<Entry> FindEntry(const std::string& room) const;

  asio::io_context& io_;
  MediaPool& pool_;
  PlacementListener& listener_;
  const Spawn spawn_;
  const Options options_;
  SecureRandom random_;
  PlacementChoice choice_{random_};
  LeaseKeeper keeper_{choice_};
  RowCalls rows_;
  LeaseCalls leases_;
  MediaLoads loads_;
  asio::steady_timer timer_;
  // Shared with those who wait.
  std::unordered_map<std::string, std::shared_ptr<Entry>> rooms_;
  std::unordered_map<std::string, std::string> room_by_router_;
  std::set<std::string> unproven_;  // rooms
  uint64_t moves_ = 0;
  uint64_t waits_refused_ = 0;
  bool is_carrying_ = false;
  // What coroutines hold weakly.
  std::shared_ptr<int> alive_ = std::make_shared<int>();
};

}  // namespace confab::signaling
