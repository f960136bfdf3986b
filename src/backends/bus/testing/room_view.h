#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "backends/bus/bus.h"

namespace confab::bus {

// What a good follower knows of a room: takes a snapshot, follows, and begins anew whenever it is
// told to. Must outlive what it started; the bus must outlive it.
class RoomView {
 public:
  RoomView(asio::io_context& io, Bus& bus, std::string room);

  bool is_following() const { return state_->following != nullptr; }
  // Ends the following.
  void End() { state_->following.reset(); }

  const std::map<std::string, OwnedField>& fields() const { return state_->fields; }
  std::map<std::string, std::string> values() const;
  // All events, in order; of one origin.
  const std::vector<std::string>& events() const { return state_->events; }
  std::vector<std::string> EventsOf(const InstanceName& origin) const;
  const std::vector<LogEntry>& entries() const { return state_->entries; }
  int resets() const { return state_->resets; }
  bool is_sequence_growing() const { return state_->is_sequence_growing; }

 private:
  // Shared with the coroutine that takes snapshots.
  struct State {
    asio::io_context* io = nullptr;
    Bus* bus = nullptr;
    std::string room;
    std::unique_ptr<Bus::Following> following;
    std::map<std::string, OwnedField> fields;
    std::vector<LogEntry> entries;
    std::vector<std::string> events;
    uint64_t sequence = 0;
    bool is_sequence_growing = true;
    int resets = 0;
    bool is_ended = false;
  };
  static asio::awaitable<void> Begin(std::shared_ptr<State> state);
  static void Take(State& state, const LogEntry& entry);

 public:
  ~RoomView() {
    state_->is_ended = true;
    state_->following.reset();
  }

 private:
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace confab::bus
