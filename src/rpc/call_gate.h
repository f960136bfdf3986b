#pragma once

#include <grpcpp/server_context.h>

#include "rpc/token.h"

namespace confab::rpc {

// What every method of a service asks first: metadata `authorization: Bearer TOKEN` (RFC 6750
// §2.1). gRPC lets no interceptor refuse a call, and its own hook for this needs TLS, so the
// services ask by themselves. Thread-safe.
class CallGate {
 public:
  // Without a check everyone is refused.
  explicit CallGate(TokenCheck check) : check_(std::move(check)) {}

  // OK; or UNAUTHENTICATED or PERMISSION_DENIED, with "code: sentence".
  grpc::Status Admit(const grpc::CallbackServerContext& context) const;

 private:
  TokenCheck check_;
};

}  // namespace confab::rpc
