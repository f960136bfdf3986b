#pragma once

#include "socketio/server.h"

namespace confab::socketio {

// What the published Socket.IO suite expects of "/" and "/custom".
void AddSuiteHandlers(Server& server);
// "/test" and "/secret": every part of the server's API, for tests/conformance.
void AddTestHandlers(Server& server);

}  // namespace confab::socketio
