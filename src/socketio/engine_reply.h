#pragma once

#include <cstdint>

#include "net/http_message.h"

namespace confab::socketio {

// The error replies of the reference server: {"code":…,"message":…} with 400, or 403.
enum class EngineErrorCode : uint8_t {
  kUnknownTransport = 0,
  kUnknownSid = 1,
  kBadHandshakeMethod = 2,
  kBadRequest = 3,
  kForbidden = 4,
  kUnsupportedProtocol = 5,
};

net::HttpResponse EngineErrorReply(EngineErrorCode code);

}  // namespace confab::socketio
