#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/token_bucket.h"
#include "base/units.h"
#include "services/signaling/call/client_connection.h"
#include "services/signaling/call/join_course.h"
#include "services/signaling/call/report_budget.h"
#include "services/signaling/door/pass.h"
#include "services/signaling/protocol/json.h"
#include "services/signaling/room/room.h"

namespace confab::signaling {

constexpr int64_t kEventsPerSecond = 100;
constexpr int64_t kEventBurst = 200;
constexpr int64_t kMessagesPerSecond = 5;
constexpr int64_t kMessageBurst = 20;
// Events that wait for an answer to go out.
constexpr size_t kMaxHeldEvents = 1000;
// Events that wait while an earlier one is worked on.
constexpr size_t kMaxWaitingEvents = 64;

// Where a connection sits.
struct Place {
  // Shared: a coroutine that waits for the media service keeps the room, which may close meanwhile.
  std::shared_ptr<Room> room;
  ParticipantId participant;
};

// The acknowledgement; called once or never.
using Answer = std::move_only_function<void(json::value)>;

struct ClientEvent {
  std::string name;
  json::value payload;
  Answer answer;
};

// One connection: its place, and its events in their order. Lives on the io_context's thread; held
// by the switchboard while connected, and by the coroutine that works on its events.
class Session {
 public:
  Session(ConnectionId id, std::unique_ptr<ClientConnection> connection, Pass shown)
      : pass(std::move(shown)), id_(id), connection_(std::move(connection)) {}

  ConnectionId id() const { return id_; }

  // To the client, after whatever was answered before.
  void Emit(std::string_view event, json::object payload) {
    if (!is_holding_) return connection_->Emit(event, std::move(payload));
    if (held_.size() >= kMaxHeldEvents)
      return Close();  // it comes back, and asks for what it missed
    held_.emplace_back(event, std::move(payload));
  }
  // What was emitted before still goes out.
  void Close() {
    Release();
    connection_->Close();
  }
  // An answer is made, and is still to go out: what happens from here on is told after it.
  void Hold() { is_holding_ = true; }
  void Release() {
    is_holding_ = false;
    for (auto& [event, payload] : std::exchange(held_, {})) {
      connection_->Emit(event, std::move(payload));
    }
  }

  // What it may do: by the handshake's token, or by a newer one that came with the join.
  Pass pass;
  // Of the join that it asked for last, or of its preparation: an id (base/trace_context.h).
  std::string trace;
  // Set from the beginning of a join, while its media is being made, to the leaving.
  std::optional<Place> place;
  // Where media is prepared for a join that may come; never together with `place`.
  std::optional<Place> prepared;
  // How often it may announce a join: everyone in the room pays for the keyframe that follows.
  TokenBucket intents{1, 1};
  // How often it may write messages, and when it last said that it does.
  TokenBucket messages{kMessagesPerSecond, kMessageBurst};
  Timestamp typed_at = Timestamp::Past();
  // How often it may report what its page sees.
  ReportBudget reports;
  // Of the join that is about to be refused.
  std::optional<JoinCourse> failed_join;
  // What a refusal for coming too fast says, which a handler is about to answer.
  std::optional<TimeDelta> retry_after;

  // Room for one more event, by rate and by number. Otherwise: try again after that time.
  std::optional<TimeDelta> Admit(Timestamp now) {
    constexpr TimeDelta kWhenQueueIsFull = TimeDelta::Millis(500);
    if (waiting_.size() >= kMaxWaitingEvents) return kWhenQueueIsFull;
    const std::optional<TimeDelta> wait = bucket_.Take(now);
    if (!wait) is_limited = false;
    return wait;
  }
  // Whether the last event came too fast.
  bool is_limited = false;
  void Push(ClientEvent event) { waiting_.push_back(std::move(event)); }
  std::optional<ClientEvent> Pop() {
    if (waiting_.empty()) return std::nullopt;
    std::optional<ClientEvent> event(std::move(waiting_.front()));
    waiting_.pop_front();
    return event;
  }
  // Whether a coroutine works on the events already.
  bool is_working = false;
  // The connection has gone; what waits is dropped.
  void Shut() {
    is_open_ = false;
    waiting_.clear();
  }
  bool is_open() const { return is_open_; }

 private:
  ConnectionId id_;
  std::unique_ptr<ClientConnection> connection_;
  bool is_holding_ = false;
  std::vector<std::pair<std::string, json::object>> held_;
  TokenBucket bucket_{kEventsPerSecond, kEventBurst};
  std::deque<ClientEvent> waiting_;
  bool is_open_ = true;
};

}  // namespace confab::signaling
