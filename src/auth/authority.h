#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "auth/api_keys.h"
#include "auth/claims.h"
#include "auth/revocations.h"
#include "auth/token_flaw.h"
#include "base/units.h"

namespace confab::auth {

// Signs and verifies confab's own tokens: JSON Web Tokens (RFC 7519) under ES256 keys (RFC 7518
// §3.4) that rotate. The keys are files of one folder, mode 0600, which every service of a
// deployment that signs or verifies reads; whoever finds the newest too old makes the next. A new
// key signs only after every other process had time to read it, an old one verifies until the last
// token that it signed has expired. Thread-safe: calls wait for each other, for the time of one
// signature at most, and for some small files once a minute. `now` is Unix time in every call.
class Authority {
 public:
  struct Options {
    std::filesystem::path folder;    // made with mode 0700 where it is missing
    std::filesystem::path api_keys;  // the file of the API keys (api_keys.h); empty: none are known
    std::string issuer = "confab";
    TimeDelta rotation = TimeDelta::Seconds(24 * 3600);  // kMinRotation at least
    // Between machines, in both directions; kMaxClockSkew at most.
    TimeDelta clock_skew = TimeDelta::Seconds(30);
    TimeDelta join_lifetime = TimeDelta::Seconds(600);
    TimeDelta resume_lifetime = TimeDelta::Seconds(900);
    TimeDelta service_lifetime = TimeDelta::Seconds(300);
  };
  // Oftener, the folder would fill with keys that must still verify.
  static constexpr TimeDelta kMinRotation = TimeDelta::Seconds(3600);
  static constexpr TimeDelta kMaxClockSkew = TimeDelta::Seconds(120);

  // Reads the folder, and makes the first key. Error: kInvalidConfiguration (folder, file modes,
  // what is no key, an option out of range), with the path and the fix.
  static Result<std::unique_ptr<Authority>> Open(Options options, int64_t now_s);
  ~Authority();

  // To be called now and then (once a minute): reads what others made, makes what is due, forgets
  // what is over. Error: what is known stays in use.
  Result<void> Refresh(int64_t now_s);

  // Whether there is a private key: a folder with public ones alone verifies only.
  bool can_sign() const;

  // The token; the claims' expiry is set where it is 0, and a join token's id where it is "".
  // Error: kUnavailable (there is no private key), kInvalidMessage (a claim of a wrong form, an
  // expiry that is past or beyond kMaxTokenLifetime), kInternal (OpenSSL).
  Result<std::string> SignJoin(JoinClaims claims, int64_t now_s);
  Result<std::string> SignResume(ResumeClaims claims, int64_t now_s);
  Result<std::string> SignApi(ApiClaims claims, int64_t now_s);
  Result<std::string> SignService(ServiceClaims claims, int64_t now_s);

  // Error: kUnauthorized, with a sentence for people that says what is wrong (expired, another
  // kind, not signed by this server …) and never more than an honest bearer knows. Join and API
  // tokens may be signed by an API key (HS256) too: within its scopes and its room, an API token's
  // subject is the key's id then. An unknown key is looked for in the files, at most once a second.
  // VerifyResume: kSessionExpired for who was removed.
  Result<JoinClaims> VerifyJoin(std::string_view token, int64_t now_s);
  Result<ResumeClaims> VerifyResume(std::string_view token, int64_t now_s);
  Result<ApiClaims> VerifyApi(std::string_view token, int64_t now_s);
  Result<ServiceClaims> VerifyService(std::string_view token, int64_t now_s);

  // What is wrong with a token that VerifyJoin or VerifyResume refused. As costly as they are, so
  // only for what will be written down.
  TokenFlaw FindFlaw(std::string_view token, int64_t now_s);
  // Whether a token says that it is for this, not believed: to choose by which rules it is looked
  // at.
  static bool SaysItIsFor(std::string_view token, Audience audience);

  // API keys that are kept elsewhere than in the file, for all processes of a deployment. An API
  // key's token whose key is not in the file is refused with kUnavailable, not kUnauthorized, until
  // they are set, and from `good_until_s` on: for then nobody knows whether there is such a key.
  void ExpectSharedApiKeys();
  // In place of those before; those that cannot be used are left out.
  void SetSharedApiKeys(std::vector<ApiKey> keys, int64_t good_until_s);

  // What has this subject (revocations.h) is refused until `expires_at_s`.
  void Revoke(std::string_view subject, int64_t expires_at_s, int64_t now_s);
  // No resume token is accepted (kUnavailable) before RevocationsAreKnown.
  void ExpectRevocations();
  void RevocationsAreKnown();
  // So many seconds from now the last resume token that was signed until now has expired.
  int64_t longest_resume_s() const;

  // The public keys, for /.well-known/jwks.json (RFC 7517): those that will sign too.
  std::string Jwks() const;

 private:
  struct Parts;
  explicit Authority(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace confab::auth
