#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "net/asio.h"
#include "services/signaling/call/session.h"
#include "services/signaling/protocol/json.h"

namespace confab::signaling {

// What a client event leads to: the acknowledgement's object, or why it was refused. The payload
// and the session live until the coroutine ends.
using EventHandler =
    std::function<asio::awaitable<Result<json::value>>(Session&, const json::value& payload)>;

// The client events by name. Filled once.
class EventTable {
 public:
  void Add(std::string_view name, EventHandler handler);
  // For handlers that need not wait for anything.
  void AddPlain(std::string_view name,
                std::function<Result<json::value>(Session&, const json::value&)> handler);
  // nullptr for a name that is no event.
  const EventHandler* Find(std::string_view name) const;
  // Sorted.
  std::vector<std::string> names() const;

 private:
  std::unordered_map<std::string, EventHandler> handlers_;
};

// The place of a joined connection. Error: kNotJoined.
Result<Place> RequireJoined(const Session& session);
// The same, of one whose token grants `moderate`. Error: kNotJoined, kForbidden.
Result<Place> RequireModerator(const Session& session);
// Whether the connection's token is for this room. Error: kForbidden.
Result<void> RequireRoom(const Session& session, std::string_view room);

}  // namespace confab::signaling
