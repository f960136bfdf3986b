#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "backends/bus/room_log.h"
#include "base/error.h"
#include "net/asio.h"

namespace confab::bus {

// What is asked to be written to a room.
struct Draft {
  EntryKind kind = EntryKind::kChange;
  InstanceName origin;
  uint64_t number = 0;
  uint64_t previous = 0;
  // With kRestated, and with a change that is said again after a wipe, `sequence` is the change's
  // that set the field: of two owners the later keeps it. 0: it is set now.
  std::vector<OwnedField> set;
  std::vector<std::string> remove;
  std::string event;
  uint64_t floor = 0;         // a new life of the room begins above it
  std::string expected_life;  // written in this life of the room only; "": in any
  // A relay's mark, stored with the room; name "": none.
  std::string mark_name;
  std::string mark;
};

enum class Verdict : uint8_t {
  kDone,
  kRepeated,   // this number of this origin was done before: nothing was written
  kOtherLife,  // the room has another life than expected: nothing was written
};

struct Written {
  Verdict verdict = Verdict::kDone;
  std::string life;
  uint64_t sequence = 0;
};

// A piece of a room's log.
struct LogRead {
  std::string life;       // "": there is no such room
  uint64_t base = 0;      // the sequence before the first entry of this life
  uint64_t sequence = 0;  // of the last entry
  std::vector<LogEntry> entries;
};

struct Beat {
  // Another one than before: whatever was written may be lost.
  uint64_t generation = 0;
  // The ledger did not hold this instance for alive any more, or never has.
  bool is_new = false;
  std::vector<InstanceName> alive;  // this one too
};

// The few operations of which the bus is made, each done as a whole or not at all, by Redis or in
// memory. Every operation is one question: an error of code kUnavailable means that nobody knows
// whether it was done, and all but Publish may be repeated; kLimitExceeded that it was refused.
// One thread. Destruction ends the questions under way, as errors, in a later turn.
class Ledger {
 public:
  struct Listener {
    // The room's log may have grown, or may have done so while nobody listened.
    std::function<void(const std::string& room)> on_news;
    std::function<void(const std::string& channel, const std::string& bytes)> on_message;
    // An instance came or went.
    std::function<void()> on_instances;
    // Nothing is told for Times::deaf already, and why; "": all is told again. Questions may be
    // answered meanwhile.
    std::function<void(const std::string& why_not)> on_hearing;
  };

  virtual ~Ledger() = default;
  // Once, before all else. The listener is called from the io_context alone.
  virtual void Listen(Listener listener) = 0;

  virtual asio::awaitable<Result<Written>> Write(std::string room, Draft draft) = 0;
  // The entries after `after` where the room has this life; else those after its base.
  virtual asio::awaitable<Result<LogRead>> Read(std::string room, std::string life,
                                                uint64_t after) = 0;
  virtual asio::awaitable<Result<RoomState>> Snapshot(std::string room) = 0;
  // Puts off the time when the room is forgotten.
  virtual asio::awaitable<Result<void>> Touch(std::string room) = 0;

  // `self` (a relay is nobody) is alive for another ttl, and `remote`, of other regions, for
  // another remote_ttl. Begins a new generation where there is none. Nothing is written before the
  // first Beat.
  virtual asio::awaitable<Result<Beat>> DoBeat(InstanceName self,
                                               std::vector<InstanceName> remote) = 0;
  virtual asio::awaitable<Result<void>> Leave(InstanceName self) = 0;

  // From now on on_news tells of the room, first as soon as that is sure.
  virtual void Subscribe(const std::string& room) = 0;
  virtual void Unsubscribe(const std::string& room) = 0;
  // From now on on_message tells of the channel.
  virtual void SubscribeChannel(const std::string& channel) = 0;
  virtual void UnsubscribeChannel(const std::string& channel) = 0;
  // How many listened.
  virtual asio::awaitable<Result<size_t>> Publish(std::string channel, std::string bytes) = 0;

  // For relays. From now on on_news tells of every room, those that there are first.
  virtual void SubscribeAll() = 0;
  // The relay's mark of this name; "": none.
  virtual asio::awaitable<Result<std::string>> Mark(std::string room, std::string name) = 0;
};

}  // namespace confab::bus
