#include "services/signaling/handlers/event_table.h"

#include <algorithm>

#include "base/check.h"

namespace confab::signaling {
namespace {

asio::awaitable<Result<json::value>> AtOnce(Result<json::value> result) {
  co_return std::move(result);
}

}  // namespace

void EventTable::Add(std::string_view name, EventHandler handler) {
  const bool is_new = handlers_.emplace(name, std::move(handler)).second;
  CHECK(is_new);
}

void EventTable::AddPlain(
    std::string_view name,
    std::function<Result<json::value>(Session&, const json::value&)> handler) {
  Add(name, [handler = std::move(handler)](Session& session, const json::value& payload) {
    return AtOnce(handler(session, payload));
  });
}

const EventHandler* EventTable::Find(std::string_view name) const {
  const auto found = handlers_.find(std::string(name));
  return found == handlers_.end() ? nullptr : &found->second;
}

std::vector<std::string> EventTable::names() const {
  std::vector<std::string> names;
  names.reserve(handlers_.size());
  for (const auto& [name, handler] : handlers_) names.push_back(name);
  std::ranges::sort(names);
  return names;
}

Result<Place> RequireJoined(const Session& session) {
  if (!session.place) return Fail(ErrorCode::kNotJoined, "join a room first");
  return *session.place;
}

Result<Place> RequireModerator(const Session& session) {
  Result<Place> place = RequireJoined(session);
  if (!place || place->room->Find(place->participant)->grants.moderate) return place;
  return Fail(ErrorCode::kForbidden, "only a moderator of this call may do that");
}

Result<void> RequireRoom(const Session& session, std::string_view room) {
  if (session.pass.room == room) return {};
  return Fail(ErrorCode::kForbidden, "your invitation is for another room");
}

}  // namespace confab::signaling
