#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "auth/json_object.h"
#include "base/error.h"
#include "base/units.h"

namespace confab::auth {

// When a token counts and for whom, whoever signed it.
struct ValidityRules {
  std::string_view audience;
  int64_t now_s = 0;  // since the Unix epoch
  TimeDelta clock_skew;
  TimeDelta max_lifetime = TimeDelta::Infinite();  // from now
};

// The token's "exp". Error kUnauthorized: for somebody else ("aud"), over ("exp" is a must), not
// begun ("nbf", "iat"), or valid for longer than is allowed. A token is over from "exp" on and
// counts from "nbf" on (RFC 7519 §4.1.4, §4.1.5), each by the skew more generous.
Result<int64_t> CheckValidity(const json::object& payload, const ValidityRules& rules);

// The refusal of a token that is over.
std::unexpected<Error> TokenIsOver();

// Where `now` lies in the time of a token, by the same rules.
enum class Phase : uint8_t { kUnknown, kNotYet, kCounts, kOver };
Phase PhaseOf(const json::object& payload, int64_t now_s, TimeDelta clock_skew);

// "aud" is `audience` or an array that holds it (RFC 7519 §4.1.3).
bool IsFor(const json::object& payload, std::string_view audience);

}  // namespace confab::auth
