#include "services/signaling/room/event_log.h"

namespace confab::signaling {

const LoggedEvent& EventLog::Append(std::string_view name, const json::object& payload) {
  if (events_.size() == kCapacity) events_.pop_front();
  LoggedEvent& event = events_.emplace_back();
  event.seq = ++last_seq_;
  event.name = name;
  event.payload["seq"] = event.seq;
  for (const auto& [key, value] : payload) event.payload[key] = value;
  return event;
}

std::optional<std::vector<const LoggedEvent*>> EventLog::Since(uint64_t seq) const {
  const uint64_t missed = last_seq_ - seq;
  if (needs_state_ || seq > last_seq_ || missed > events_.size()) return std::nullopt;
  std::vector<const LoggedEvent*> events;
  events.reserve(missed);
  for (size_t i = events_.size() - missed; i < events_.size(); ++i) events.push_back(&events_[i]);
  return events;
}

}  // namespace confab::signaling
