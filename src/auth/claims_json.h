#pragma once

#include "auth/claims.h"
#include "auth/json_object.h"

namespace confab::auth {

// The payloads of confab's own tokens as claims and back; docs/tokens.md has them all. Reading
// takes what writing gives. "exp" is read as it stands: whether it is over is CheckValidity's.
// Error kUnauthorized, with a sentence that names the claim: missing, of the wrong type or form,
// too long, an unknown role, or a grant that does not exist (a misspelled one would be believed
// in).

json::object ToJson(const JoinClaims& claims);
json::object ToJson(const ResumeClaims& claims);
json::object ToJson(const ApiClaims& claims);
json::object ToJson(const ServiceClaims& claims);

template <typename Claims>
Result<Claims> ReadClaims(const json::object& payload);
template <>
Result<JoinClaims> ReadClaims(const json::object& payload);
template <>
Result<ResumeClaims> ReadClaims(const json::object& payload);
template <>
Result<ApiClaims> ReadClaims(const json::object& payload);
template <>
Result<ServiceClaims> ReadClaims(const json::object& payload);

json::object ToJson(const Grants& grants);

}  // namespace confab::auth
