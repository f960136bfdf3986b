#pragma once

#include "services/signaling/call/switchboard.h"
#include "services/signaling/handlers/event_table.h"
#include "services/signaling/handlers/transport_maker.h"

namespace confab::signaling {

// restartIce, createWebRtcTransport, connectTransport, connectWebRtcTransport,
// createPlainTransport, connectPlainTransport, closeTransport.
class TransportHandlers {
 public:
  explicit TransportHandlers(Switchboard& switchboard)
      : switchboard_(switchboard), transports_(switchboard) {}
  void AddTo(EventTable& table);

 private:
  using Reply = asio::awaitable<Result<json::value>>;

  Reply RestartIce(Session& session, const json::value& payload);
  Reply Create(Session& session, const json::value& payload);
  Reply Connect(Session& session, const json::value& payload);
  Reply CreatePlain(Session& session, const json::value& payload);
  Reply ConnectPlain(Session& session, const json::value& payload);
  Reply Close(Session& session, const json::value& payload);

  Switchboard& switchboard_;
  TransportMaker transports_;
};

}  // namespace confab::signaling
