#include "auth/claims_json.h"

#include <utility>

#include "auth/claim_reader.h"
#include "auth/grant_words.h"
#include "auth/limits.h"
#include "auth/words.h"

namespace confab::auth {
namespace {

void PutIfAny(json::object& object, std::string_view name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

json::object Payload(Audience audience, int64_t expires_at_s) {
  return {{"aud", ToString(audience)}, {"exp", expires_at_s}};
}

Result<Grants> ReadGrants(ClaimReader& claims) {
  Grants grants;
  const json::object* given = claims.Object("grants");
  if (given == nullptr) return grants;
  ClaimReader reader(*given);
  for (const auto& field : *given) {
    const std::string_view name(field.key());
    if (FindGrant(name) == nullptr) {
      claims.Refuse("grants", "names a grant that does not exist");
    }
  }
  for (const auto& [word, field] : kGrantWords) reader.Flag(word, grants.*field);
  if (!reader.ok()) return reader.error();
  return grants;
}

// `claims` where everything was right, else the first thing that was not.
template <typename Claims>
Result<Claims> Finish(const ClaimReader& reader, Claims claims) {
  if (!reader.ok()) return reader.error();
  return claims;
}

}  // namespace

json::object ToJson(const Grants& grants) {
  json::object object;
  for (const auto& [word, field] : kGrantWords) object[word] = grants.*field;
  return object;
}

json::object ToJson(const JoinClaims& claims) {
  json::object payload = Payload(Audience::kJoin, claims.expires_at_s);
  payload["jti"] = claims.token_id;
  payload["room"] = claims.room;
  PutIfAny(payload, "sub", claims.identity);
  PutIfAny(payload, "name", claims.name);
  PutIfAny(payload, "role", claims.role);
  payload["grants"] = ToJson(claims.grants);
  return payload;
}

json::object ToJson(const ResumeClaims& claims) {
  json::object payload = Payload(Audience::kResume, claims.expires_at_s);
  payload["room"] = claims.room;
  payload["sub"] = claims.participant;
  return payload;
}

json::object ToJson(const ApiClaims& claims) {
  json::object payload = Payload(Audience::kApi, claims.expires_at_s);
  payload["sub"] = claims.subject;
  payload["scope"] = JoinScopes(claims.scopes);
  PutIfAny(payload, "room", claims.room);
  return payload;
}

json::object ToJson(const ServiceClaims& claims) {
  json::object payload = Payload(Audience::kService, claims.expires_at_s);
  payload["service"] = claims.service;
  payload["sub"] = claims.instance;
  return payload;
}

template <>
Result<JoinClaims> ReadClaims(const json::object& payload) {
  ClaimReader reader(payload);
  JoinClaims claims{.token_id = reader.Word("jti", IsTokenId),
                    .room = reader.Word("room", IsRoomName),
                    .identity = reader.OptionalWord("sub", IsIdentity),
                    .name = reader.OptionalText("name", kMaxNameBytes),
                    .role = reader.OptionalWord("role", IsRole),
                    .grants = {},
                    .expires_at_s = reader.Time("exp").value_or(0)};
  if (claims.role.empty()) claims.role = "guest";
  const auto grants = ReadGrants(reader);
  if (!grants) return std::unexpected(grants.error());
  claims.grants = *grants;
  return Finish(reader, std::move(claims));
}

template <>
Result<ResumeClaims> ReadClaims(const json::object& payload) {
  ClaimReader reader(payload);
  ResumeClaims claims{.room = reader.Word("room", IsRoomName),
                      .participant = reader.Word("sub", IsIdentity),
                      .expires_at_s = reader.Time("exp").value_or(0)};
  return Finish(reader, std::move(claims));
}

template <>
Result<ApiClaims> ReadClaims(const json::object& payload) {
  ClaimReader reader(payload);
  ApiClaims claims{.subject = reader.Word("sub", IsIdentity),
                   .scopes = {},
                   .room = reader.OptionalWord("room", IsRoomName),
                   .expires_at_s = reader.Time("exp").value_or(0)};
  auto scopes = ParseScopes(reader.OptionalText("scope", kMaxScopes * (kMaxScopeBytes + 1)));
  if (scopes) {
    claims.scopes = std::move(*scopes);
  } else {
    reader.Refuse("scope", "is no list of scopes parted by single spaces");
  }
  return Finish(reader, std::move(claims));
}

template <>
Result<ServiceClaims> ReadClaims(const json::object& payload) {
  ClaimReader reader(payload);
  ServiceClaims claims{.service = reader.Word("service", IsScope),
                       .instance = reader.Word("sub", IsIdentity),
                       .expires_at_s = reader.Time("exp").value_or(0)};
  return Finish(reader, std::move(claims));
}

}  // namespace confab::auth
