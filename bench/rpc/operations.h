#pragma once

#include <memory>

#include "rpc/operation.h"
#include "services/media/control_api.h"

namespace confab::bench {

// The work itself: the API's code on the calling thread and on the worker, no way between them.
std::unique_ptr<Operation> DirectOperation(media::ControlApi& api);
// gRPC over loopback TCP, on one channel with a token, as signaling does it.
std::unique_ptr<Operation> GrpcOperation(uint16_t port);
// HTTP/1.1 with JSON over loopback TCP, on one connection that is kept, with a token.
std::unique_ptr<Operation> HttpOperation(uint16_t port);

}  // namespace confab::bench
