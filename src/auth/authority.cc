#include "auth/authority.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <mutex>
#include <utility>

#include "auth/claims_json.h"
#include "auth/errors.h"
#include "auth/jwk.h"
#include "auth/jws.h"
#include "auth/key_store.h"
#include "auth/limits.h"
#include "auth/validity.h"
#include "auth/words.h"
#include "base/id.h"

namespace confab::auth {
namespace {

std::unexpected<Error> NotOurs() {
  return Refused("The token was not signed by this server: ask for a new link or token.");
}

// Which keys a kind of token may be signed with.
enum class Signers : uint8_t { kOwnKeys, kApiKeysToo };

struct Verified {
  json::object payload;
  const ApiKey* api_key = nullptr;
};

Result<void> CheckOptions(const Authority::Options& options) {
  const auto wrong = [](std::string sentence) {
    return Fail(ErrorCode::kInvalidConfiguration, std::move(sentence));
  };
  if (options.rotation < Authority::kMinRotation) {
    return wrong("Keys must not rotate oftener than once an hour: give a longer time.");
  }
  if (options.clock_skew < TimeDelta() || options.clock_skew > Authority::kMaxClockSkew) {
    return wrong("Clocks may differ by 0 to 120 seconds: give a skew in between.");
  }
  for (const TimeDelta lifetime :
       {options.join_lifetime, options.resume_lifetime, options.service_lifetime}) {
    if (lifetime < TimeDelta::Seconds(1) || lifetime > kMaxTokenLifetime) {
      return wrong("A token's lifetime must be 1 second to 24 hours.");
    }
  }
  return {};
}

std::string NewTokenId() {
  std::array<uint8_t, 16> bytes;
  SecureRandom().Fill(bytes);
  return EncodeId(bytes);
}

// Whether the key may have signed this, and what follows from its being that key.
Result<void> Narrow(JoinClaims& claims, const ApiKey& key) {
  if (!key.Has(ApiKey::kMintJoin)) {
    return Refused(fmt::format("The API key {} may not make join tokens: it needs the scope {}.",
                               key.id, ApiKey::kMintJoin));
  }
  if (!key.room.empty() && claims.room != key.room) {
    return Refused(fmt::format("The API key {} is for another room.", key.id));
  }
  // The servers that hold keys must not use up each other's ids.
  claims.token_id = fmt::format("{}/{}", key.id, claims.token_id);
  return {};
}

Result<void> Narrow(ApiClaims& claims, const ApiKey& key) {
  for (const std::string& scope : claims.scopes) {
    if (key.Has(scope)) continue;
    return Refused(fmt::format("The API key {} has not the scope {}.", key.id, scope));
  }
  if (!key.room.empty() && !claims.room.empty() && claims.room != key.room) {
    return Refused(fmt::format("The API key {} is for another room.", key.id));
  }
  if (!key.room.empty()) claims.room = key.room;
  return {};
}

}  // namespace

struct Authority::Parts {
  explicit Parts(Options given)
      : options(std::move(given)), store(options.folder, options.api_keys, options.rotation) {}

  // Whose signature it has; nothing of what is in it counts yet.
  Result<Verified> Open(std::string_view token, Signers signers, int64_t now_s);
  Result<Verified> Verify(std::string_view token, Audience audience, Signers signers,
                          int64_t now_s);
  template <typename Claims>
  Result<std::string> Sign(Claims claims, TimeDelta lifetime, int64_t now_s);

  // One for everything: a key that Verify found must not go while its claims are read.
  std::mutex mutex;
  const Options options;
  KeyStore store;
  Revocations revocations;
  bool knows_revocations = true;
};

Result<Verified> Authority::Parts::Open(std::string_view token, Signers signers, int64_t now_s) {
  auto jws = ParseJws(token);
  if (!jws) return std::unexpected(jws.error());
  // RFC 8725 §3.11: not another kind of token.
  if (!jws->type.empty() && jws->type != "jwt") return NotOurs();
  const KeyStore::Found found = store.FindOrLook(jws->key_id, now_s);
  if (found.is_doubtful) {
    return Fail(ErrorCode::kUnavailable,
                "The store that knows the API keys does not answer: try again shortly.");
  }
  const bool is_allowed = found.api_key == nullptr || signers == Signers::kApiKeysToo;
  if (found.key == nullptr || !is_allowed || !VerifyJws(*jws, *found.key)) return NotOurs();
  const auto issuer = TextMember(jws->payload, "iss");
  const bool is_issuer = found.api_key == nullptr
                             ? issuer == options.issuer
                             : !jws->payload.contains("iss") || issuer == found.api_key->id;
  if (!is_issuer) return NotOurs();
  return Verified{.payload = std::move(jws->payload), .api_key = found.api_key};
}

Result<Verified> Authority::Parts::Verify(std::string_view token, Audience audience,
                                          Signers signers, int64_t now_s) {
  auto opened = Open(token, signers, now_s);
  if (!opened) return opened;
  if (!TextMember(opened->payload, "aud")) {
    return Refused("The token's claim \"aud\" must be one text: a token is for one purpose.");
  }
  const auto valid = CheckValidity(opened->payload, {.audience = ToString(audience),
                                                     .now_s = now_s,
                                                     .clock_skew = options.clock_skew,
                                                     .max_lifetime = kMaxTokenLifetime});
  if (!valid) return std::unexpected(valid.error());
  return opened;
}

template <typename Claims>
Result<std::string> Authority::Parts::Sign(Claims claims, TimeDelta lifetime, int64_t now_s) {
  const OwnKey* key = store.ring().SigningKey(now_s);
  if (key == nullptr) {
    return Fail(ErrorCode::kUnavailable,
                fmt::format("This process cannot sign tokens: {} holds no private key.",
                            options.folder.string()));
  }
  if (claims.expires_at_s == 0) claims.expires_at_s = now_s + lifetime.us() / 1'000'000;
  if (claims.expires_at_s <= now_s ||
      claims.expires_at_s > now_s + kMaxTokenLifetime.us() / 1'000'000) {
    return Fail(ErrorCode::kInvalidMessage, "A token must be valid for 1 second to 24 hours.");
  }
  json::object payload = ToJson(claims);
  // What is signed must be what would be accepted.
  const auto read = ReadClaims<Claims>(payload);
  if (!read) return Fail(ErrorCode::kInvalidMessage, read.error().message);
  // For example a scope with a space in it, which would be two.
  if (*read != claims) {
    return Fail(ErrorCode::kInvalidMessage, "A claim of the token would be read as another.");
  }
  payload["iss"] = options.issuer;
  payload["iat"] = now_s;
  return SignJws(payload, key->key, key->id);
}

Authority::Authority(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Authority::~Authority() = default;

Result<std::unique_ptr<Authority>> Authority::Open(Options options, int64_t now_s) {
  if (const auto checked = CheckOptions(options); !checked) {
    return std::unexpected(checked.error());
  }
  auto parts = std::make_unique<Parts>(std::move(options));
  if (const auto opened = parts->store.Open(now_s); !opened) {
    return std::unexpected(opened.error());
  }
  return std::unique_ptr<Authority>(new Authority(std::move(parts)));
}

Result<void> Authority::Refresh(int64_t now_s) {
  const std::lock_guard lock(parts_->mutex);
  return parts_->store.Refresh(now_s);
}

bool Authority::can_sign() const {
  const std::lock_guard lock(parts_->mutex);
  return std::ranges::any_of(parts_->store.ring().keys(),
                             [](const OwnKey& key) { return key.key.can_sign(); });
}

Result<std::string> Authority::SignJoin(JoinClaims claims, int64_t now_s) {
  const std::lock_guard lock(parts_->mutex);
  if (claims.token_id.empty()) claims.token_id = NewTokenId();
  if (claims.role.empty()) claims.role = "guest";
  return parts_->Sign(std::move(claims), parts_->options.join_lifetime, now_s);
}

Result<std::string> Authority::SignResume(ResumeClaims claims, int64_t now_s) {
  const std::lock_guard lock(parts_->mutex);
  return parts_->Sign(std::move(claims), parts_->options.resume_lifetime, now_s);
}

Result<std::string> Authority::SignApi(ApiClaims claims, int64_t now_s) {
  const std::lock_guard lock(parts_->mutex);
  return parts_->Sign(std::move(claims), parts_->options.service_lifetime, now_s);
}

Result<std::string> Authority::SignService(ServiceClaims claims, int64_t now_s) {
  const std::lock_guard lock(parts_->mutex);
  return parts_->Sign(std::move(claims), parts_->options.service_lifetime, now_s);
}

Result<JoinClaims> Authority::VerifyJoin(std::string_view token, int64_t now_s) {
  const std::lock_guard lock(parts_->mutex);
  const auto verified = parts_->Verify(token, Audience::kJoin, Signers::kApiKeysToo, now_s);
  if (!verified) return std::unexpected(verified.error());
  auto claims = ReadClaims<JoinClaims>(verified->payload);
  if (!claims || verified->api_key == nullptr) return claims;
  const auto narrowed = Narrow(*claims, *verified->api_key);
  if (!narrowed) return std::unexpected(narrowed.error());
  return claims;
}

Result<ResumeClaims> Authority::VerifyResume(std::string_view token, int64_t now_s) {
  const std::lock_guard lock(parts_->mutex);
  const auto verified = parts_->Verify(token, Audience::kResume, Signers::kOwnKeys, now_s);
  if (!verified) return std::unexpected(verified.error());
  auto claims = ReadClaims<ResumeClaims>(verified->payload);
  if (!claims) return claims;
  if (parts_->revocations.Has(ResumeSubject(claims->room, claims->participant), now_s)) {
    return Fail(ErrorCode::kSessionExpired, "This participant was removed from the call.");
  }
  if (!parts_->knows_revocations) {
    return Fail(ErrorCode::kUnavailable,
                "The store that knows who was removed does not answer: try again shortly.");
  }
  return claims;
}

Result<ApiClaims> Authority::VerifyApi(std::string_view token, int64_t now_s) {
  const std::lock_guard lock(parts_->mutex);
  auto verified = parts_->Verify(token, Audience::kApi, Signers::kApiKeysToo, now_s);
  if (!verified) return std::unexpected(verified.error());
  // Whoever holds a key speaks in its name alone.
  if (verified->api_key != nullptr) verified->payload["sub"] = verified->api_key->id;
  auto claims = ReadClaims<ApiClaims>(verified->payload);
  if (!claims || verified->api_key == nullptr) return claims;
  const auto narrowed = Narrow(*claims, *verified->api_key);
  if (!narrowed) return std::unexpected(narrowed.error());
  return claims;
}

Result<ServiceClaims> Authority::VerifyService(std::string_view token, int64_t now_s) {
  const std::lock_guard lock(parts_->mutex);
  const auto verified = parts_->Verify(token, Audience::kService, Signers::kOwnKeys, now_s);
  if (!verified) return std::unexpected(verified.error());
  return ReadClaims<ServiceClaims>(verified->payload);
}

TokenFlaw Authority::FindFlaw(std::string_view token, int64_t now_s) {
  const std::lock_guard lock(parts_->mutex);
  TokenFlaw flaw;
  const auto opened = parts_->Open(token, Signers::kApiKeysToo, now_s);
  if (!opened) return flaw;
  const json::object& payload = opened->payload;
  const auto audience = TextMember(payload, "aud");
  const bool is_resume = audience == ToString(Audience::kResume) && opened->api_key == nullptr;
  if (!is_resume && audience != ToString(Audience::kJoin)) return flaw;
  if (opened->api_key != nullptr) {
    // Its holder may not speak of rooms that the key is not for.
    auto claims = ReadClaims<JoinClaims>(payload);
    if (!claims || !Narrow(*claims, *opened->api_key)) return flaw;
  }
  flaw.room = TextMember(payload, "room").value_or("");
  if (!IsRoomName(flaw.room)) flaw.room.clear();
  switch (PhaseOf(payload, now_s, parts_->options.clock_skew)) {
    case Phase::kOver: flaw.kind = TokenFlaw::Kind::kExpired; return flaw;
    case Phase::kNotYet: flaw.kind = TokenFlaw::Kind::kNotYet; return flaw;
    case Phase::kUnknown:
    case Phase::kCounts: break;
  }
  const std::string subject = ResumeSubject(flaw.room, TextMember(payload, "sub").value_or(""));
  if (is_resume && parts_->revocations.Has(subject, now_s)) flaw.kind = TokenFlaw::Kind::kRevoked;
  return flaw;
}

bool Authority::SaysItIsFor(std::string_view token, Audience audience) {
  const auto jws = ParseJws(token);
  return jws && TextMember(jws->payload, "aud") == ToString(audience);
}

void Authority::ExpectSharedApiKeys() {
  const std::lock_guard lock(parts_->mutex);
  parts_->store.ExpectSharedApiKeys();
}

void Authority::SetSharedApiKeys(std::vector<ApiKey> keys, int64_t good_until_s) {
  const std::lock_guard lock(parts_->mutex);
  parts_->store.SetSharedApiKeys(std::move(keys), good_until_s);
}

void Authority::Revoke(std::string_view subject, int64_t expires_at_s, int64_t now_s) {
  const std::lock_guard lock(parts_->mutex);
  parts_->revocations.Add(subject, expires_at_s, now_s);
}

void Authority::ExpectRevocations() {
  const std::lock_guard lock(parts_->mutex);
  parts_->knows_revocations = false;
}

void Authority::RevocationsAreKnown() {
  const std::lock_guard lock(parts_->mutex);
  parts_->knows_revocations = true;
}

int64_t Authority::longest_resume_s() const {
  // Between the clock that signs, ours, and the one that verifies.
  return (parts_->options.resume_lifetime + parts_->options.clock_skew * 2).us() / 1'000'000 + 1;
}

std::string Authority::Jwks() const {
  const std::lock_guard lock(parts_->mutex);
  json::array keys;
  for (const OwnKey& key : parts_->store.ring().keys()) {
    keys.push_back(JwkOf(key.key, Part::kPublic));
  }
  return json::serialize(json::object{{"keys", std::move(keys)}});
}

}  // namespace confab::auth
