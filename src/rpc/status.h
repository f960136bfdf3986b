#pragma once

#include <grpcpp/support/status.h>

#include <string_view>

#include "base/error.h"

namespace confab::rpc {

// The status that carries an error: its kind as gRPC knows it, and "code: sentence".
grpc::Status ToStatus(const Error& error);

// What a status carries. Where it is gRPC's own: `away` where nobody answered in time, kInternal
// otherwise; `who` ("the media service") begins the sentence.
Error ToError(const grpc::Status& status, std::string_view who, ErrorCode away);

// Whether the status says that the peer's machine refused the connection: no process listens there.
// What gRPC tells until its next attempt has ended is that of the last one: kMaxReconnectMs and
// kConnectTimeoutMs ago at most.
bool IsConnectionRefused(const grpc::Status& status);

}  // namespace confab::rpc
