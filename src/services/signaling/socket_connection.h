#pragma once

#include "services/signaling/call/client_connection.h"
#include "services/signaling/door/handshakes.h"
#include "services/signaling/handlers/event_worker.h"
#include "socketio/server.h"

namespace confab::signaling {

// Connects the sockets of a Socket.IO server's main namespace to the switchboard: has the handshake
// checked, and brings every event to the worker. All must outlive the server.
void AttachSockets(socketio::Server& server, Handshakes& handshakes, Switchboard& switchboard,
                   EventWorker& worker);

}  // namespace confab::signaling
