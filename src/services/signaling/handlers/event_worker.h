#pragma once

#include <memory>
#include <string_view>

#include "net/asio.h"
#include "services/signaling/call/switchboard.h"
#include "services/signaling/handlers/event_table.h"

namespace confab::signaling {

// Takes a connection's events in their order, one at a time, and answers each: with the handler's
// object or with {"error": Error}. An exception becomes the code "internal"; what it says is in the
// log alone.
class EventWorker {
 public:
  // Both must outlive the worker.
  EventWorker(Switchboard& switchboard, const EventTable& table)
      : switchboard_(switchboard), table_(table) {}

  void Receive(const std::shared_ptr<Session>& session, ClientEvent event);

 private:
  asio::awaitable<void> Work(std::shared_ptr<Session> session);
  asio::awaitable<Result<json::value>> Handle(Session& session, const ClientEvent& event);
  // The answer's `error`.
  json::object Refuse(Session& session, std::string_view event, const Error& error);

  Switchboard& switchboard_;
  const EventTable& table_;
};

}  // namespace confab::signaling
