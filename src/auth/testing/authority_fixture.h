#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "auth/authority.h"
#include "auth/jwk.h"
#include "auth/testing/temporary_folder.h"
#include "auth/testing/times.h"
#include "auth/testing/tokens.h"

namespace confab::auth {

// For tests: an Authority over a folder of its own, and tokens that it would never make.
class AuthorityTest : public ::testing::Test {
 protected:
  static constexpr int64_t kNow = testing::kNow;

  AuthorityTest() : authority_(Open()) {}

  Authority::Options Options() const {
    return {.folder = folder_.path() / "keys", .api_keys = folder_.path() / "api-keys.json"};
  }
  std::unique_ptr<Authority> Open() const {
    auto opened = Authority::Open(Options(), kNow);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  // The private key that this deployment signs with.
  SignatureKey OwnKey() const {
    const auto file = folder_.path() / "keys" / "key-000001.jwk";
    return KeyFromJwk(*ParseJsonObject(testing::Read(file))).value();
  }
  json::object OwnHeader() const {
    return {{"alg", "ES256"}, {"kid", KeyIdOf(OwnKey())}, {"typ", "JWT"}};
  }
  // A join token of this deployment with some claims replaced; null takes one away.
  std::string JoinWith(const json::object& changes) const {
    json::object payload = {{"iss", "confab"}, {"aud", "confab/join"}, {"jti", "1"},
                            {"room", "tea"},   {"exp", kNow + 60},     {"iat", kNow}};
    for (const auto& field : changes) {
      payload[field.key()] = field.value();
      if (field.value().is_null()) payload.erase(field.key());
    }
    return testing::SignRaw(OwnHeader(), payload, OwnKey());
  }
  // Why a join token is refused; "" where it is not.
  std::string Refusal(std::string_view token, int64_t now_s = kNow) const {
    const auto claims = authority_->VerifyJoin(token, now_s);
    if (claims) return "";
    EXPECT_EQ(claims.error().code, ErrorCode::kUnauthorized);
    return claims.error().message;
  }

  const testing::TemporaryFolder folder_;
  std::unique_ptr<Authority> authority_;
};

}  // namespace confab::auth
