#include "backends/bus/testing/room_view.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <set>

#include "backends/bus/testing/loop.h"

namespace confab::bus {

RoomView::RoomView(asio::io_context& io, Bus& bus, std::string room) {
  state_->io = &io;
  state_->bus = &bus;
  state_->room = std::move(room);
  asio::co_spawn(io, Begin(state_), asio::detached);
}

asio::awaitable<void> RoomView::Begin(std::shared_ptr<State> state) {
  for (;;) {
    if (state->is_ended) co_return;
    auto snapshot = co_await state->bus->Snapshot(state->room);
    if (state->is_ended) co_return;
    if (!snapshot) {
      asio::steady_timer timer(*state->io, std::chrono::milliseconds(5));
      error_code ignored;
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
      continue;
    }
    state->fields.clear();
    for (const OwnedField& field : snapshot->fields) state->fields[field.key] = field;
    Bus::Follower follower;
    follower.on_entry = [raw = state.get()](const LogEntry& entry) { Take(*raw, entry); };
    follower.on_reset = [weak = std::weak_ptr(state)](ResetReason) {
      const auto again = weak.lock();
      if (!again || again->is_ended) return;
      ++again->resets;
      again->following.reset();
      asio::co_spawn(*again->io, Begin(again), asio::detached);
    };
    state->following =
        state->bus->Follow(state->room, std::move(snapshot->position), std::move(follower));
    co_return;
  }
}

void RoomView::Take(State& state, const LogEntry& entry) {
  if (entry.sequence <= state.sequence) state.is_sequence_growing = false;
  state.sequence = entry.sequence;
  state.entries.push_back(entry);
  if (!entry.event.empty()) state.events.push_back(entry.event);
  for (const std::string& key : entry.removed) {
    const auto found = state.fields.find(key);
    if (found != state.fields.end() && found->second.owner == entry.origin) {
      state.fields.erase(found);
    }
  }
  if (entry.kind != EntryKind::kChange) {
    std::set<std::string> stated;
    for (const FieldValue& field : entry.set) stated.insert(field.key);
    std::erase_if(state.fields, [&](const auto& each) {
      return each.second.owner == entry.origin && !stated.contains(each.first);
    });
  }
  for (const FieldValue& field : entry.set) {
    state.fields[field.key] = OwnedField{
        .key = field.key, .value = field.value, .owner = entry.origin, .sequence = entry.sequence};
  }
}

std::map<std::string, std::string> RoomView::values() const {
  std::map<std::string, std::string> values;
  for (const auto& [key, field] : state_->fields) values[key] = field.value;
  return values;
}

std::vector<std::string> RoomView::EventsOf(const InstanceName& origin) const {
  std::vector<std::string> events;
  for (const LogEntry& entry : state_->entries) {
    if (entry.origin == origin && !entry.event.empty()) events.push_back(entry.event);
  }
  return events;
}

}  // namespace confab::bus
