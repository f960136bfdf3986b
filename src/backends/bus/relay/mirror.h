#pragma once

#include <memory>
#include <set>
#include <string>

#include "backends/bus/ledger.h"
#include "backends/bus/limits.h"
#include "backends/bus/relay/relayed_rooms.h"
#include "net/event.h"

namespace confab::bus {

inline constexpr uint64_t kRelayedAgainEntries = 1024;  // of a room, after its target was wiped

// One way of a relay: what instances of the source's region do there is done in the target too,
// with their origin and number. What others do there is left alone, so nothing goes round in
// circles. One thread; shared with its coroutines, and with the listeners of the ledgers.
class Mirror : public std::enable_shared_from_this<Mirror> {
 public:
  struct Side {
    std::shared_ptr<Ledger> ledger;  // shared with the mirror of the other way
    std::string region;
  };
  Mirror(asio::io_context& io, Side source, Side target, const Times& times);

  void Start();  // once; the ledgers listen already
  void Stop();

  // From the source's ledger. News of a new room is left out, and counted, while kMaxRelayedRooms
  // are at work.
  void TakeNews(const std::string& room);
  void TakeMessage(const std::string& channel, const std::string& bytes);
  void TakeInstances() { beat_now_.Set(); }
  void TakeHearing(const std::string& why_not) { deaf_ = why_not; }

  bool is_up() const { return is_up_ && deaf_.empty(); }
  const std::string& reason() const { return is_up_ ? deaf_ : reason_; }
  uint64_t relayed() const { return relayed_; }
  uint64_t left_out() const { return left_out_; }

 private:
  using Room = RelayedRoom;
  using RoomPtr = RelayedRooms::RoomPtr;
  using Self = std::shared_ptr<Mirror>;

  static asio::awaitable<void> Run(Self self);
  static asio::awaitable<Result<void>> DoBeat(Self self);
  static asio::awaitable<void> Work(Self self, RoomPtr room);
  static asio::awaitable<Result<void>> CatchUp(Self self, RoomPtr room);
  static asio::awaitable<Result<void>> FindMark(Self self, RoomPtr room);
  static asio::awaitable<Result<void>> Apply(Self self, RoomPtr room, LogEntry entry);
  static asio::awaitable<Result<void>> Restate(Self self, RoomPtr room);
  static asio::awaitable<void> PassOn(Self self, std::string channel, std::string bytes);
  void Wake(const RoomPtr& room);
  void BeginAnew();
  void ListenFor(const std::vector<InstanceName>& theirs);
  Draft WithMark(Draft draft, const Room& room) const;
  std::set<InstanceName> OfRegion(const std::vector<InstanceName>& all,
                                  const std::string& region) const;

  asio::io_context& io_;
  Side source_;
  Side target_;
  Times times_;
  RelayedRooms rooms_;
  std::set<InstanceName> mirrored_;      // the source's, told to the target
  std::set<InstanceName> listened_for_;  // the target's, whose messages we pass on
  uint64_t target_generation_ = 0;
  net::Event beat_now_;
  bool is_up_ = false;
  bool is_stopped_ = false;
  std::string reason_ = "nothing was asked yet";
  std::string deaf_;  // why the source does not tell what happens; "": it does
  uint64_t relayed_ = 0;
  uint64_t left_out_ = 0;
};

}  // namespace confab::bus
