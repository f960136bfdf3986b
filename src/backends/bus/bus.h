#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backends/bus/limits.h"
#include "backends/bus/room_log.h"
#include "base/bucket_counts.h"
#include "base/error.h"
#include "base/units.h"
#include "net/asio.h"

namespace confab::bus {

// For the health page and the metrics.
struct BusStatus {
  bool is_up = false;         // the last question was answered, and what happens is told
  bool is_answering = false;  // the former alone: what is written reaches others
  std::string reason;         // why it is not up; "" while it is
  size_t pending_changes = 0;
  size_t followed_rooms = 0;
  uint64_t wipes = 0;   // Redis had lost what we knew
  uint64_t ghosts = 0;  // instances of whom this one found that they are gone, by rooms
  uint64_t resets = 0;  // followers that were told to take a snapshot
  uint64_t losses = 0;  // times that it ceased to be up
  // Questions that were answered, not answered, and refused because the bus is full; and how long
  // those that were answered took.
  uint64_t answered = 0;
  uint64_t unanswered = 0;
  uint64_t full = 0;
  BucketCounts answer_times{kCallTimes};
};

// How a change waits while the bus does not answer.
enum class Patience : uint8_t {
  // Until Times::change is over, then it is refused: for what a person waits for, such as a join.
  kUntilDeadline,
  // For as long as it takes: for what has happened already, such as a leave. Kept in memory.
  kKeep,
};

// Live state of rooms, and what happens in them, for all signaling instances. A participant belongs
// to one instance, which alone writes its fields and publishes them again when the bus lost them;
// the others follow. docs/bus.md has the guarantees. Lives on one io_context and its thread, as
// every call to it; the io_context must outlive it.
class Bus {
 public:
  // Ends the following with its destruction; may outlive the bus.
  class Following {
   public:
    virtual ~Following() = default;
  };
  // Called on the io_context's thread, never from within Follow. May end its own following, or the
  // bus.
  struct Follower {
    // Every entry after the position, in order, none twice.
    std::function<void(const LogEntry&)> on_entry;
    // Entries are missing: nothing more comes. Take a snapshot and follow anew.
    std::function<void(ResetReason)> on_reset;
  };
  using OnInstances = std::function<void(const std::vector<InstanceName>&)>;
  using OnMessage = std::function<void(const InstanceName& from, const std::string& bytes)>;

  virtual ~Bus() = default;

  // This run of this instance: the owner of the fields that it sets.
  virtual const InstanceName& self() const = 0;

  // Answers with the room's sequence number of this change. Changes of one room are done in the
  // order of the calls, each once however often the connection breaks.
  //
  // An error means that it is not done. Where the answer was lost it may have been: then the bus
  // undoes it by itself, and followers see it come and go (kRestated). kInvalidMessage: a limit on
  // the change itself; kLimitExceeded: the room, the queue or Redis is full; kUnavailable: no
  // answer within the deadline; kShuttingDown: the bus was destroyed. With kKeep only the limits
  // of the change and of the queue are errors.
  virtual asio::awaitable<Result<uint64_t>> Change(std::string room, RoomChange change,
                                                   Patience patience) = 0;
  // All fields of the room, and where they stand in its log. kUnavailable: no answer.
  virtual asio::awaitable<Result<RoomState>> Snapshot(std::string room) = 0;
  // nullptr: kMaxFollowedRooms are followed already.
  virtual std::unique_ptr<Following> Follow(const std::string& room, Position position,
                                            Follower follower) = 0;

  // Which instances are alive, sorted: first when it is known, then with every change. While the
  // bus is away the last list stays.
  virtual std::unique_ptr<Following> FollowInstances(OnInstances on_instances) = 0;

  // To one instance, at most once. kNotFound: it does not listen; kUnavailable: no answer, and
  // nobody knows whether it came; kInvalidMessage: too long; kLimitExceeded: too many are waiting.
  virtual asio::awaitable<Result<void>> Send(InstanceName to, std::string bytes) = 0;
  // Who is called with messages to this instance; replaces the one before.
  virtual void SetOnMessage(OnMessage on_message) = 0;

  // Says goodbye: others hear at once that this instance is gone, as well as it can be done within
  // the deadline. Waits for changes that wait. Remove the fields first; call nothing but the
  // destructor afterwards. Destroy the bus only when it has returned.
  virtual asio::awaitable<void> Leave(TimeDelta deadline) = 0;

  virtual BusStatus status() const = 0;
};

}  // namespace confab::bus
