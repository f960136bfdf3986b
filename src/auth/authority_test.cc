#include "auth/authority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "auth/jwk.h"
#include "auth/limits.h"
#include "auth/testing/authority_fixture.h"
#include "auth/testing/times.h"
#include "base/testing/error_of.h"

namespace confab::auth {
namespace {

using ::testing::HasSubstr;
using testing::kDay;
using testing::PartOf;
using testing::SignRaw;

JoinClaims Ada() {
  return {.token_id = "t1",
          .room = "tea-Room_1",
          .identity = "ada@example.com",
          .name = "Ada \xc3\xa9",
          .role = "moderator",
          .grants = {.screen = false, .hidden = true, .moderate = true}};
}

TEST_F(AuthorityTest, GivesBackEveryKindOfClaims) {
  JoinClaims join = Ada();
  join.expires_at_s = kNow + 600;
  EXPECT_EQ(authority_->VerifyJoin(*authority_->SignJoin(Ada(), kNow), kNow).value(), join);
  const ResumeClaims resume{.room = "tea", .participant = "p1", .expires_at_s = kNow + 900};
  ResumeClaims open_resume = resume;
  open_resume.expires_at_s = 0;
  EXPECT_EQ(authority_->VerifyResume(*authority_->SignResume(open_resume, kNow), kNow).value(),
            resume);
  const ApiClaims api{.subject = "ops",
                      .scopes = {"rooms:read", "rooms:write"},
                      .room = "tea",
                      .expires_at_s = kNow + 20};
  EXPECT_EQ(authority_->VerifyApi(*authority_->SignApi(api, kNow), kNow).value(), api);
  EXPECT_TRUE(api.Allows("rooms:read"));
  EXPECT_FALSE(api.Allows("rooms"));
  const ServiceClaims service{.service = "media", .instance = "m1", .expires_at_s = kNow + 30};
  EXPECT_EQ(authority_->VerifyService(*authority_->SignService(service, kNow), kNow).value(),
            service);
}

TEST_F(AuthorityTest, GivesEachJoinTokenAnIdOfItsOwn) {
  JoinClaims claims = Ada();
  claims.token_id.clear();
  const auto id = [&] {
    return authority_->VerifyJoin(*authority_->SignJoin(claims, kNow), kNow)->token_id;
  };
  EXPECT_NE(id(), id());
}

TEST_F(AuthorityTest, TakesAGuestForWhatIsNotSaid) {
  const auto claims = authority_->VerifyJoin(JoinWith({}), kNow);
  ASSERT_TRUE(claims) << claims.error().message;
  EXPECT_EQ(claims->role, "guest");
  EXPECT_EQ(claims->identity, "");
  EXPECT_EQ(claims->grants, Grants());
}

TEST_F(AuthorityTest, TakesATokenOfOneKindForNoOther) {
  const std::string join = *authority_->SignJoin(Ada(), kNow);
  const std::string resume = *authority_->SignResume({.room = "tea", .participant = "p"}, kNow);
  const std::string api = *authority_->SignApi({.subject = "s", .scopes = {"a"}}, kNow);
  const std::string service = *authority_->SignService({.service = "media", .instance = "m"}, kNow);
  for (const std::string& token : {join, resume, api, service}) {
    EXPECT_EQ(authority_->VerifyJoin(token, kNow).has_value(), token == join);
    EXPECT_EQ(authority_->VerifyResume(token, kNow).has_value(), token == resume);
    EXPECT_EQ(authority_->VerifyApi(token, kNow).has_value(), token == api);
    EXPECT_EQ(authority_->VerifyService(token, kNow).has_value(), token == service);
  }
  EXPECT_EQ(Refusal(api),
            "This token is for \"confab/api\", and here one for \"confab/join\" is needed.");
}

TEST_F(AuthorityTest, RefusesATokenForSeveralPurposes) {
  EXPECT_THAT(Refusal(JoinWith({{"aud", {"confab/join", "confab/api"}}})), HasSubstr("one text"));
  EXPECT_NE(Refusal(JoinWith({{"aud", nullptr}})), "");
  EXPECT_NE(Refusal(JoinWith({{"aud", 1}})), "");
}

TEST_F(AuthorityTest, CountsFromItsBeginToItsEndGiveOrTakeTheSkew) {
  const std::string token = JoinWith({{"nbf", kNow + 100}, {"exp", kNow + 200}});
  EXPECT_THAT(Refusal(token, kNow + 100 - 31), HasSubstr("not valid yet"));
  EXPECT_EQ(Refusal(token, kNow + 100 - 30), "");
  EXPECT_EQ(Refusal(token, kNow + 200 + 29), "");
  EXPECT_THAT(Refusal(token, kNow + 200 + 30), HasSubstr("has expired"));
}

TEST_F(AuthorityTest, RefusesATokenThatIsIssuedInTheFuture) {
  EXPECT_EQ(Refusal(JoinWith({{"iat", kNow + 30}})), "");
  EXPECT_THAT(Refusal(JoinWith({{"iat", kNow + 31}})), HasSubstr("not valid yet"));
}

TEST_F(AuthorityTest, RefusesATokenThatIsValidForTooLong) {
  EXPECT_EQ(Refusal(JoinWith({{"exp", kNow + kDay}})), "");
  EXPECT_THAT(Refusal(JoinWith({{"exp", kNow + kDay + 31}})), HasSubstr("24 hours"));
  JoinClaims claims = Ada();
  for (const int64_t expiry : {kNow + kDay + 1, kNow, kNow - 1}) {
    claims.expires_at_s = expiry;
    EXPECT_EQ(ErrorOf(authority_->SignJoin(claims, kNow)).code, ErrorCode::kInvalidMessage);
  }
}

TEST_F(AuthorityTest, TakesTimesWithFractions) {
  EXPECT_EQ(Refusal(JoinWith({{"exp", static_cast<double>(kNow) + 60.5}, {"iat", 1.5}})), "");
}

TEST_F(AuthorityTest, RefusesClaimsOfWrongTypesFormsAndLengths) {
  const auto text = [](size_t size) { return json::string(size, 'x'); };
  const std::vector<std::pair<const char*, json::value>> cases = {
      {"exp", nullptr},
      {"exp", "1900000000"},
      {"exp", -1},
      {"exp", 1e300},
      {"iat", "now"},
      {"nbf", json::array{}},
      {"jti", nullptr},
      {"jti", ""},
      {"jti", "a b"},
      {"jti", 7},
      {"jti", text(kMaxTokenIdBytes + 1)},
      {"room", nullptr},
      {"room", ""},
      {"room", "tea room"},
      {"room", "../tea"},
      {"room", "t\xc3\xa9"},
      {"room", text(kMaxRoomBytes + 1)},
      {"sub", "a\nb"},
      {"sub", 1},
      {"sub", text(kMaxIdentityBytes + 1)},
      {"name", text(kMaxNameBytes + 1)},
      {"name", true},
      {"role", "owner"},
      {"role", "Moderator"},
      {"grants", json::array{"audio"}},
      {"grants", {{"audio", "yes"}}},
      {"grants", {{"audio", nullptr}}},
      {"grants", {{"screeen", false}}},
  };
  for (const auto& [name, value] : cases) {
    EXPECT_NE(Refusal(JoinWith({{name, value}})), "") << name << ' ' << value;
  }
  EXPECT_EQ(Refusal(JoinWith({{"room", text(kMaxRoomBytes)},
                              {"jti", text(kMaxTokenIdBytes)},
                              {"sub", text(kMaxIdentityBytes)},
                              {"name", text(kMaxNameBytes)}})),
            "");
}

TEST_F(AuthorityTest, SignsNothingThatItWouldRefuse) {
  JoinClaims claims = Ada();
  claims.room = "no room";
  EXPECT_EQ(ErrorOf(authority_->SignJoin(claims, kNow)).code, ErrorCode::kInvalidMessage);
  EXPECT_FALSE(authority_->SignApi({.subject = "s", .scopes = {"two words"}}, kNow));
  EXPECT_FALSE(authority_->SignApi({.subject = ""}, kNow));
  EXPECT_FALSE(authority_->SignApi(
      {.subject = "s", .scopes = std::vector<std::string>(kMaxScopes + 1, "a")}, kNow));
  EXPECT_FALSE(authority_->SignResume({.room = "tea"}, kNow));
  EXPECT_FALSE(authority_->SignService({.service = "media"}, kNow));
}

TEST_F(AuthorityTest, RefusesAnotherIssuerAndAnotherTypeOfToken) {
  EXPECT_THAT(Refusal(JoinWith({{"iss", "somebody"}})), HasSubstr("not signed by this server"));
  EXPECT_NE(Refusal(JoinWith({{"iss", nullptr}})), "");
  json::object header = OwnHeader();
  const json::object payload = PartOf(JoinWith({}), 1);
  header["typ"] = "logout+jwt";
  EXPECT_NE(Refusal(SignRaw(header, payload, OwnKey())), "");
  header.erase("typ");
  EXPECT_EQ(Refusal(SignRaw(header, payload, OwnKey())), "");
}

TEST_F(AuthorityTest, RefusesForgedTokens) {
  const json::object payload = PartOf(JoinWith({}), 1);
  const SignatureKey stranger = SignatureKey::MakeEc().value();
  EXPECT_THAT(Refusal(SignRaw(OwnHeader(), payload, stranger)), HasSubstr("not signed by"));
  json::object header = OwnHeader();
  header["kid"] = KeyIdOf(stranger);
  EXPECT_NE(Refusal(SignRaw(header, payload, stranger)), "");
  header.erase("kid");
  EXPECT_NE(Refusal(SignRaw(header, payload, OwnKey())), "");
}

TEST_F(AuthorityTest, RefusesItsPublicKeyAsASecret) {
  const json::object payload = PartOf(JoinWith({}), 1);
  json::object header = OwnHeader();
  header["alg"] = "HS256";
  for (const std::string& secret : {json::serialize(JwkOf(OwnKey(), Part::kPublic)),
                                    authority_->Jwks(), std::string(64, '\0')}) {
    const SignatureKey key = SignatureKey::FromSecret(AsBytes(secret)).value();
    EXPECT_THAT(Refusal(SignRaw(header, payload, key)), HasSubstr("not signed by"));
  }
}

TEST_F(AuthorityTest, RefusesATokenWithAnyLetterChanged) {
  const std::string token = JoinWith({});
  ASSERT_EQ(Refusal(token), "");
  for (size_t at = 0; at < token.size(); ++at) {
    std::string changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_NE(Refusal(changed), "") << at;
  }
}

TEST_F(AuthorityTest, PublishesItsKeysWithoutSecrets) {
  const auto set = ParseJsonObject(authority_->Jwks());
  ASSERT_TRUE(set);
  const json::array& keys = set->at("keys").as_array();
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_FALSE(keys[0].as_object().contains("d"));
  EXPECT_EQ(keys[0].at("kid").as_string(),
            std::string_view(PartOf(JoinWith({}), 0).at("kid").as_string()));
  EXPECT_EQ(keys[0].at("alg").as_string(), "ES256");
}

TEST_F(AuthorityTest, RefusesOptionsOutOfRange) {
  Authority::Options options = Options();
  options.rotation = TimeDelta::Seconds(3599);
  EXPECT_FALSE(Authority::Open(options, kNow));
  options = Options();
  options.clock_skew = TimeDelta::Seconds(121);
  EXPECT_FALSE(Authority::Open(options, kNow));
  options = Options();
  options.join_lifetime = kMaxTokenLifetime + TimeDelta::Seconds(1);
  EXPECT_FALSE(Authority::Open(options, kNow));
}

TEST_F(AuthorityTest, ServesManyThreadsAtOnce) {
  constexpr int kThreads = 4, kTimes = 20;
  std::atomic<int> verified = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int time = 0; time < kTimes; ++time) {
          const auto token = authority_->SignService({.service = "media", .instance = "m1"}, kNow);
          if (token && authority_->VerifyService(*token, kNow)) ++verified;
          EXPECT_TRUE(authority_->Refresh(kNow));
        }
      });
    }
  }
  EXPECT_EQ(verified, kThreads * kTimes);
}

}  // namespace
}  // namespace confab::auth
