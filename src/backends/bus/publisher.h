#pragma once

#include <map>
#include <memory>
#include <string>

#include "backends/bus/bus_context.h"
#include "backends/bus/room_outbox.h"
#include "backends/bus/room_readers.h"

namespace confab::bus {

// Writes what this instance has to say, room by room, and says it again when it was lost. One
// thread; shared with its coroutines, which are one for each room that has something to write.
class Publisher : public std::enable_shared_from_this<Publisher> {
 public:
  Publisher(std::shared_ptr<BusContext> context, std::shared_ptr<RoomReaders> readers);

  // As Bus::Change. Queued at once.
  asio::awaitable<Result<uint64_t>> Change(std::string room, RoomChange change, Patience patience);
  // Whatever was written may be lost.
  void RestateAll();
  // After a beat: forgets what is old, keeps rooms from being forgotten.
  void Tidy(Timestamp now);
  // Everything that waits is refused.
  void Stop();
  // Returns when nothing waits, or the limit has passed.
  asio::awaitable<void> WaitUntilIdle(TimeDelta limit);

  size_t pending() const { return pending_; }

 private:
  // Shared with the coroutines that write and watch it.
  struct Room {
    Room(std::string n, InstanceName self) : name(std::move(n)), outbox(std::move(self)) {}
    std::string name;
    RoomOutbox outbox;
    bool is_writing = false;
    // Follows the room while we have fields in it: whether others take them over, or take us for
    // gone.
    bool is_watching = false;
    std::unique_ptr<Bus::Following> watch;
  };
  using RoomPtr = std::shared_ptr<Room>;
  using PendingPtr = std::shared_ptr<PendingChange>;

  static asio::awaitable<Result<uint64_t>> AwaitSettled(std::shared_ptr<Publisher> self,
                                                        RoomPtr room, PendingPtr pending);
  static asio::awaitable<Result<uint64_t>> Refused(Error error);
  static asio::awaitable<void> Write(std::shared_ptr<Publisher> self, RoomPtr room);
  static asio::awaitable<void> Watch(std::shared_ptr<Publisher> self, RoomPtr room);
  Result<RoomPtr> Find(const std::string& room);
  void Wake(const RoomPtr& room);
  void StartOrEndWatch(const RoomPtr& room);
  void FollowOwn(const RoomPtr& room, Position position);
  void Unpend();
  void BoundRecent();
  static asio::awaitable<void> TouchAll(std::shared_ptr<Publisher> self);

  std::shared_ptr<BusContext> context_;
  std::shared_ptr<RoomReaders> readers_;
  std::map<std::string, RoomPtr> rooms_;
  uint64_t number_ = 0;
  size_t pending_ = 0;
  net::Event idle_;
  Timestamp touched_;
};

// Nothing where a change is within the limits.
Result<void> CheckChange(const std::string& room, const RoomChange& change);

}  // namespace confab::bus
