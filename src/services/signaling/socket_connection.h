#pragma once

#include "services/signaling/call/client_connection.h"
#include "services/signaling/handlers/event_worker.h"
#include "socketio/server.h"

namespace confab::signaling {

// Connects the sockets of a Socket.IO server's main namespace to the switchboard: checks the
// handshake, and brings every event to the worker. All must outlive the server.
void AttachSockets(socketio::Server& server, Switchboard& switchboard, EventWorker& worker);

}  // namespace confab::signaling
