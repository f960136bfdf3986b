#pragma once

#include <boost/json/serialize.hpp>
#include <string>
#include <string_view>

#include "auth/base64url.h"
#include "auth/json_object.h"
#include "auth/signature_key.h"

// For tests: tokens that SignJws would never make.
namespace confab::auth::testing {

inline std::string Encode(const json::object& object) {
  return ToBase64Url(AsBytes(json::serialize(object)));
}

// Any header over any payload, signed by `key` whatever the header says.
inline std::string SignRaw(const json::object& header, const json::object& payload,
                           const SignatureKey& key) {
  const std::string input = Encode(header) + '.' + Encode(payload);
  return input + '.' + ToBase64Url(key.Sign(input).value());
}

// The JSON object in one part of a token, 0 or 1.
inline json::object PartOf(std::string_view token, int part) {
  if (part == 1) token.remove_prefix(token.find('.') + 1);
  return *ParseJsonObject(AsText(*FromBase64Url(token.substr(0, token.find('.')))));
}

}  // namespace confab::auth::testing
