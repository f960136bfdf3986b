#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/server_context.h>

#include <string>
#include <string_view>

#include "base/call_scope.h"

namespace confab::rpc {

// For whom a call is made, as metadata of the call: `traceparent` (W3C Trace Context) and `baggage`
// (W3C Baggage) with room, participant and session. For logs alone: nothing is decided by it.

// Longer values are none of ours. A session's name is that of its instance, and a number.
constexpr size_t kMaxScopeValueSize = 96;

// Nothing of what is empty, or could not be read back.
void PutScope(const CallScope& scope, grpc::ClientContext& context);
// What came; parts that are missing or malformed are empty. Where no usable trace came, one begins
// here.
CallScope ScopeOf(const grpc::CallbackServerContext& context);

// The parts, so that they can be tested.
std::string ToBaggage(const CallScope& scope);
void ReadBaggage(std::string_view baggage, CallScope& scope);

}  // namespace confab::rpc
