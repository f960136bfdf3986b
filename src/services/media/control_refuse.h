#pragma once

#include <grpcpp/grpcpp.h>

#include "base/error.h"
#include "rpc/status.h"

namespace confab::media {

// Ends a call of the control API before it has come to a worker.
inline grpc::ServerUnaryReactor* Refuse(grpc::CallbackServerContext* context, const Error& error) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(rpc::ToStatus(error));
  return reactor;
}

}  // namespace confab::media
