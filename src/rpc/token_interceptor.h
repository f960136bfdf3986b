#pragma once

#include <grpcpp/support/client_interceptor.h>

#include <memory>
#include <vector>

#include "rpc/token.h"

namespace confab::rpc {

// Puts `authorization: Bearer TOKEN` on every call of a channel. gRPC's call credentials would do
// the same over TLS alone.
std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>
TokenInterceptors(TokenSource tokens);

}  // namespace confab::rpc
