#include "auth/jws.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <optional>

#include "auth/base64url.h"
#include "auth/limits.h"

namespace confab::auth {
namespace {

std::unexpected<Error> NoToken() {
  return Fail(ErrorCode::kUnauthorized,
              "This is not a token that this server understands: ask for a new link or token.");
}

// Each would let a token say by which key or rule it wants to be checked.
constexpr std::array<std::string_view, 6> kRefusedHeaders = {"jwk", "jku",  "x5c",
                                                             "x5u", "crit", "b64"};

std::optional<json::object> DecodeObject(std::string_view part) {
  const auto bytes = FromBase64Url(part);
  return bytes ? ParseJsonObject(AsText(*bytes)) : std::nullopt;
}

// RFC 7515 §4.1.9: a media type without regard to case, "application/" may be left out.
std::string TypeOf(std::string_view typ) {
  std::string type(typ);
  for (char& c : type) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  constexpr std::string_view kPrefix = "application/";
  return type.starts_with(kPrefix) ? type.substr(kPrefix.size()) : type;
}

// The header's member as text; nullopt where it is there but unusable.
std::optional<std::string> HeaderText(const json::object& header, std::string_view name) {
  if (!header.contains(name)) return std::string();
  const auto text = TextMember(header, name);
  if (!text || text->size() > kMaxKeyIdBytes) return std::nullopt;
  return std::string(*text);
}

bool ReadHeader(Jws& jws) {
  if (std::ranges::any_of(kRefusedHeaders,
                          [&](std::string_view name) { return jws.header.contains(name); })) {
    return false;
  }
  auto algorithm = HeaderText(jws.header, "alg");
  auto key_id = HeaderText(jws.header, "kid");
  const auto type = HeaderText(jws.header, "typ");
  if (!algorithm || !key_id || !type) return false;
  jws.algorithm = std::move(*algorithm);
  jws.key_id = std::move(*key_id);
  jws.type = TypeOf(*type);
  return true;
}

}  // namespace

Result<Jws> ParseJws(std::string_view token) {
  if (token.size() > kMaxTokenBytes) return NoToken();
  const size_t first = token.find('.');
  const size_t second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos) return NoToken();
  // A third dot is no letter of base64url.
  auto signature = FromBase64Url(token.substr(second + 1));
  auto header = DecodeObject(token.substr(0, first));
  auto payload = DecodeObject(token.substr(first + 1, second - first - 1));
  if (!signature || !header || !payload) return NoToken();
  Jws jws;
  jws.header = std::move(*header);
  jws.payload = std::move(*payload);
  jws.signing_input = token.substr(0, second);
  jws.signature = std::move(*signature);
  if (!ReadHeader(jws)) return NoToken();
  return jws;
}

bool VerifyJws(const Jws& jws, const SignatureKey& key) {
  return jws.algorithm == ToString(key.algorithm()) && key.Verify(jws.signing_input, jws.signature);
}

Result<std::string> SignJws(const json::object& payload, const SignatureKey& key,
                            std::string_view key_id) {
  const json::object header = {{"alg", ToString(key.algorithm())}, {"kid", key_id}, {"typ", "JWT"}};
  std::string token = ToBase64Url(AsBytes(json::serialize(header))) + '.' +
                      ToBase64Url(AsBytes(json::serialize(payload)));
  const auto signature = key.Sign(token);
  if (!signature) return std::unexpected(signature.error());
  token += '.';
  token += ToBase64Url(*signature);
  if (token.size() > kMaxTokenBytes) {
    return Fail(ErrorCode::kInvalidMessage,
                fmt::format("The token would have {} octets, at most {} are allowed: shorten what "
                            "it says.",
                            token.size(), kMaxTokenBytes));
  }
  return token;
}

}  // namespace confab::auth
