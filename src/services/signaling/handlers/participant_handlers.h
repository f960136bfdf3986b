#pragma once

#include "services/signaling/call/switchboard.h"
#include "services/signaling/handlers/event_table.h"

namespace confab::signaling {

// setName, setView, stats, getProducers, getRouterRtpCapabilities.
class ParticipantHandlers {
 public:
  explicit ParticipantHandlers(Switchboard& switchboard) : switchboard_(switchboard) {}
  void AddTo(EventTable& table);

 private:
  Result<json::value> RouterCapabilities();
  Result<json::value> Producers(Session& session);
  Result<json::value> SetName(Session& session, const json::value& payload);
  Result<json::value> SetView(Session& session, const json::value& payload);
  asio::awaitable<Result<json::value>> Stats(Session& session);

  Switchboard& switchboard_;
};

}  // namespace confab::signaling
