#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace confab::rpc {

// The token that goes with the next call; "": none can be had, and the call will be refused. Called
// on any thread.
using TokenSource = std::function<std::string()>;

// Whether the bearer of this token may call. Error kUnauthorized or kForbidden, with a sentence
// that the caller may read. Called on any thread.
using TokenCheck = std::function<Result<void>(std::string_view token)>;

// For tests of services alone.
inline TokenSource FixedToken(std::string token) {
  return [token = std::move(token)] { return token; };
}
inline TokenCheck AdmitEveryone() {
  return [](std::string_view) { return Result<void>(); };
}

}  // namespace confab::rpc
