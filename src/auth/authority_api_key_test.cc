#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/api_keys.h"
#include "auth/authority.h"
#include "auth/testing/authority_fixture.h"
#include "base/testing/error_of.h"

namespace confab::auth {
namespace {

using ::testing::HasSubstr;
using testing::SignRaw;

// What servers with an API key make by themselves.
class ApiKeyTokenTest : public AuthorityTest {
 protected:
  ApiKey Add(std::vector<std::string> scopes, std::string room = "") const {
    return AddApiKey(Options().api_keys, {std::move(scopes), std::move(room)}, kNow).value();
  }
  static std::string Mint(const ApiKey& key, json::object payload) {
    payload["exp"] = kNow + 60;
    return SignRaw({{"alg", "HS256"}, {"kid", key.id}}, payload,
                   SignatureKey::FromSecret(AsBytes(key.secret)).value());
  }
  static std::string MintJoin(const ApiKey& key, std::string_view room = "tea") {
    return Mint(key, {{"aud", "confab/join"}, {"jti", "1"}, {"room", room}});
  }
};

TEST_F(ApiKeyTokenTest, LetsAKeyMakeJoinTokens) {
  const ApiKey key = Add({std::string(ApiKey::kMintJoin)});
  const auto claims = authority_->VerifyJoin(MintJoin(key), kNow);
  ASSERT_TRUE(claims) << claims.error().message;
  EXPECT_EQ(claims->room, "tea");
  EXPECT_EQ(claims->token_id, key.id + "/1") << "keys must not use up each other's ids";
}

TEST_F(ApiKeyTokenTest, RefusesJoinTokensOfAKeyWithoutTheScope) {
  EXPECT_THAT(Refusal(MintJoin(Add({"rooms:read"}))), HasSubstr("it needs the scope tokens:join"));
}

TEST_F(ApiKeyTokenTest, KeepsAKeyToItsRoom) {
  const ApiKey key = Add({std::string(ApiKey::kMintJoin), "rooms:read"}, "tea");
  EXPECT_EQ(Refusal(MintJoin(key)), "");
  EXPECT_THAT(Refusal(MintJoin(key, "coffee")), HasSubstr("another room"));
  const auto api = [&](json::object more) {
    more["aud"] = "confab/api";
    more["scope"] = "rooms:read";
    return authority_->VerifyApi(Mint(key, more), kNow);
  };
  EXPECT_EQ(api({})->room, "tea");
  EXPECT_EQ(api({{"room", "tea"}})->room, "tea");
  EXPECT_FALSE(api({{"room", "coffee"}}));
}

TEST_F(ApiKeyTokenTest, KeepsAKeyToItsScopesAndItsName) {
  const ApiKey key = Add({"rooms:read", "rooms:write"});
  const auto api = [&](const char* scope) {
    return authority_->VerifyApi(
        Mint(key, {{"aud", "confab/api"}, {"scope", scope}, {"sub", "root"}}), kNow);
  };
  const auto claims = api("rooms:read");
  ASSERT_TRUE(claims) << claims.error().message;
  EXPECT_EQ(claims->subject, key.id);
  EXPECT_FALSE(claims->Allows("rooms:write"));
  EXPECT_THAT(ErrorOf(api("rooms:read logs:read")).message, HasSubstr("not the scope logs:read"));
}

TEST_F(ApiKeyTokenTest, LetsAKeySpeakForNoServiceAndNoParticipant) {
  const ApiKey key = Add({std::string(ApiKey::kMintJoin)});
  const auto resume = authority_->VerifyResume(
      Mint(key, {{"aud", "confab/resume"}, {"room", "tea"}, {"sub", "p"}}), kNow);
  const auto service = authority_->VerifyService(
      Mint(key, {{"aud", "confab/service"}, {"service", "media"}, {"sub", "m"}}), kNow);
  EXPECT_FALSE(resume);
  EXPECT_FALSE(service);
}

TEST_F(ApiKeyTokenTest, RefusesAnotherNameAnotherAlgorithmAndAnotherSecret) {
  const ApiKey key = Add({std::string(ApiKey::kMintJoin)});
  const json::object payload = {
      {"aud", "confab/join"}, {"jti", "1"}, {"room", "tea"}, {"exp", kNow + 60}};
  json::object named = payload;
  named["iss"] = "confab";
  EXPECT_NE(Refusal(Mint(key, named)), "");
  named["iss"] = key.id;
  EXPECT_EQ(Refusal(Mint(key, named)), "");
  EXPECT_NE(Refusal(SignRaw({{"alg", "ES256"}, {"kid", key.id}}, payload, OwnKey())), "");
  const std::string other(64, 's');
  EXPECT_NE(Refusal(SignRaw({{"alg", "HS256"}, {"kid", key.id}}, payload,
                            SignatureKey::FromSecret(AsBytes(other)).value())),
            "");
}

TEST_F(ApiKeyTokenTest, RefusesTheTokensOfARemovedKeyAfterTheNextRefresh) {
  const ApiKey key = Add({std::string(ApiKey::kMintJoin)});
  ASSERT_EQ(Refusal(MintJoin(key)), "");
  ASSERT_TRUE(RemoveApiKey(Options().api_keys, key.id));
  ASSERT_TRUE(authority_->Refresh(kNow + 1));
  EXPECT_NE(Refusal(MintJoin(key)), "");
}

TEST_F(ApiKeyTokenTest, LooksForAnUnknownKeyOnceASecond) {
  EXPECT_NE(Refusal(MintJoin({.id = "ck_unknown", .secret = std::string(43, 'x')})), "");
  const ApiKey key = Add({std::string(ApiKey::kMintJoin)});
  EXPECT_NE(Refusal(MintJoin(key)), "") << "it has looked in this second";
  EXPECT_EQ(Refusal(MintJoin(key), kNow + 1), "");
}

}  // namespace
}  // namespace confab::auth
