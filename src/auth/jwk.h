#pragma once

#include <string>
#include <string_view>

#include "auth/json_object.h"
#include "auth/signature_key.h"

namespace confab::auth {

// JSON Web Keys (RFC 7517) of the kinds that sign tokens here.

// An EC key on P-256, with "d" a private one, or a public RSA key: for RS256, or for what its "alg"
// says. Error kInvalidConfiguration: another kind, another use than signatures, or material that is
// wrong; the sentence is about the key alone, without its place.
Result<SignatureKey> KeyFromJwk(const json::object& jwk);

// The EC key as JWK, with kid, alg and use. With `Part::kPrivate` "d" is in it.
enum class Part : uint8_t { kPublic, kPrivate };
json::object JwkOf(const SignatureKey& key, Part part);

// A name for an EC key that follows from the key itself: its thumbprint (RFC 7638).
std::string KeyIdOf(const SignatureKey& key);

}  // namespace confab::auth
