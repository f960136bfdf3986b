#pragma once

#include <grpcpp/support/status.h>

#include "base/error.h"

namespace confab::rpc {

// The status that carries an error: its kind as gRPC knows it, and "code: sentence".
grpc::Status ToStatus(const Error& error);

}  // namespace confab::rpc
