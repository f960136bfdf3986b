#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/json_object.h"
#include "auth/signature_key.h"
#include "base/error.h"

namespace confab::auth {

// A token in the compact form of JSON Web Signature (RFC 7515 §7.1), taken apart but not yet
// believed: only what Verify lets through may be read further. A value.
struct Jws {
  std::string algorithm;  // what the header says; the key decides (RFC 8725 §3.1)
  std::string key_id;     // "kid"; "" where there is none
  std::string type;       // "typ", in lower case and without "application/"; "" where there is none
  json::object header;
  json::object payload;
  std::string signing_input;
  std::vector<uint8_t> signature;
};

// Error kUnauthorized: longer than kMaxTokenBytes, not in the compact form, not JSON objects in
// strict base64url, or a header that wants something which is refused: a key that it brings itself
// ("jwk", "jku", "x5c", "x5u"), or extensions ("crit", "b64").
Result<Jws> ParseJws(std::string_view token);

// Whether `key` signed it, by the algorithm that the key is for; the header must name the same.
bool VerifyJws(const Jws& jws, const SignatureKey& key);

// Error: kInternal (the key), kInvalidMessage (the token would be longer than kMaxTokenBytes).
Result<std::string> SignJws(const json::object& payload, const SignatureKey& key,
                            std::string_view key_id);

}  // namespace confab::auth
