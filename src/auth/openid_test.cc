#include "auth/openid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/testing/openid_provider.h"
#include "auth/testing/times.h"
#include "base/testing/error_of.h"

namespace confab::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kNow;
using testing::OpenIdProvider;
using testing::SignRaw;

class OpenIdTest : public ::testing::Test {
 protected:
  Result<OpenIdIdentity> VerifyToken(const std::string& token, int64_t now_s = kNow) const {
    const auto jws = ParseJws(token);
    if (!jws) return std::unexpected(jws.error());
    const auto keys = OpenIdKeys::Parse(provider_.Document()).value();
    const SignatureKey* key = keys.Find(jws->key_id);
    if (key == nullptr) return Fail(ErrorCode::kUnauthorized, "unknown key");
    return VerifyOpenId(*jws, *key, rules_, now_s);
  }
  // Of a good token with one claim replaced; null takes it away.
  Result<OpenIdIdentity> With(std::string_view name, json::value value) const {
    json::object payload = OpenIdProvider::Payload();
    payload[name] = value;
    if (value.is_null()) payload.erase(name);
    return VerifyToken(provider_.Token(payload));
  }

  const OpenIdProvider provider_;
  OpenIdRules rules_ = OpenIdProvider::Rules();
};

TEST_F(OpenIdTest, SaysWhoItIsAndWhatTheyMay) {
  const auto identity = VerifyToken(provider_.Token());
  ASSERT_TRUE(identity) << identity.error().message;
  EXPECT_EQ(identity->identity, "248289761001");
  EXPECT_EQ(identity->name, "Ada");
  EXPECT_EQ(identity->role, "member");
  EXPECT_EQ(identity->grants, Grants());
  EXPECT_THAT(identity->scopes, ElementsAre("rooms:read"));
  EXPECT_EQ(identity->expires_at_s, kNow + 60);
}

TEST_F(OpenIdTest, TakesTheRoleOfTheFirstGroupAndWhatAnyOfThemMay) {
  const auto identity = With("groups", {"watchers", "staff", "hosts", "others"});
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->role, "moderator");
  EXPECT_TRUE(identity->grants.moderate);
  EXPECT_TRUE(identity->grants.audio);
  EXPECT_THAT(identity->scopes, ElementsAre("rooms:read", "rooms:write"));
}

TEST_F(OpenIdTest, GivesNoMoreThanTheGroupMay) {
  const auto identity = With("groups", "watchers");
  ASSERT_TRUE(identity) << "one group as a text";
  EXPECT_EQ(identity->role, "guest");
  EXPECT_FALSE(identity->grants.audio);
  EXPECT_TRUE(identity->scopes.empty());
}

TEST_F(OpenIdTest, ForbidsWhoIsInNoGroupUnlessOthersAreLetIn) {
  for (const json::value& groups :
       {json::value(nullptr), json::value(json::array{}), json::value({"Staff", 1, nullptr}),
        json::value("hosts staff"), json::value(json::object{{"staff", true}})}) {
    const auto identity = With("groups", groups);
    ASSERT_FALSE(identity);
    EXPECT_EQ(identity.error().code, ErrorCode::kForbidden);
  }
  rules_.others = OpenIdGroup{.group = "", .role = "guest"};
  EXPECT_EQ(With("groups", nullptr)->role, "guest");
}

TEST_F(OpenIdTest, ReadsTheClaimThatIsConfigured) {
  rules_.groups_claim = "https://example.com/roles";
  EXPECT_FALSE(With("groups", {"hosts"}));
  EXPECT_EQ(With("https://example.com/roles", {"hosts"})->role, "moderator");
}

TEST_F(OpenIdTest, FallsBackToTheUserName) {
  json::object payload = OpenIdProvider::Payload();
  payload.erase("name");
  EXPECT_EQ(VerifyToken(provider_.Token(payload))->name, "");
  payload["preferred_username"] = "ada";
  EXPECT_EQ(VerifyToken(provider_.Token(payload))->name, "ada");
}

TEST_F(OpenIdTest, RefusesAnotherIssuerAndAnotherAudience) {
  EXPECT_THAT(ErrorOf(With("iss", "https://id.example.com/")).message, HasSubstr("another issuer"));
  EXPECT_FALSE(With("iss", nullptr));
  EXPECT_FALSE(With("iss", 1));
  EXPECT_FALSE(With("aud", "confab2"));
  EXPECT_FALSE(With("aud", nullptr));
  EXPECT_FALSE(With("aud", {"other", 1}));
  EXPECT_TRUE(With("aud", {"other", "confab"}));
}

TEST_F(OpenIdTest, RefusesWhatIsOverOrHasNotBegun) {
  const std::string token = provider_.Token();
  EXPECT_TRUE(VerifyToken(token, kNow + 60 + 29));
  EXPECT_FALSE(VerifyToken(token, kNow + 60 + 30));
  EXPECT_TRUE(VerifyToken(token, kNow - 30));
  EXPECT_FALSE(VerifyToken(token, kNow - 31));
  EXPECT_FALSE(With("exp", nullptr));
}

TEST_F(OpenIdTest, RefusesATokenWithoutASubject) {
  EXPECT_FALSE(With("sub", nullptr));
  EXPECT_FALSE(With("sub", ""));
  EXPECT_FALSE(With("sub", 7));
}

TEST_F(OpenIdTest, RefusesForgedTokensAndOtherKinds) {
  const SignatureKey stranger = SignatureKey::MakeEc().value();
  EXPECT_FALSE(VerifyToken(SignRaw(provider_.Header(), OpenIdProvider::Payload(), stranger)));
  json::object header = provider_.Header();
  header["alg"] = "HS256";
  const SignatureKey confused = SignatureKey::FromSecret(AsBytes(provider_.Document())).value();
  EXPECT_FALSE(VerifyToken(SignRaw(header, OpenIdProvider::Payload(), confused)));
  const auto typed = [&](const char* type) {
    header = provider_.Header();
    header["typ"] = type;
    return VerifyToken(SignRaw(header, OpenIdProvider::Payload(), provider_.key())).has_value();
  };
  EXPECT_TRUE(typed("JWT"));
  EXPECT_TRUE(typed("at+jwt"));
  EXPECT_TRUE(typed("application/at+jwt"));
  EXPECT_FALSE(typed("logout+jwt"));
}

TEST(OpenIdKeys, FindsAKeyByItsIdAndTheOnlyOneWithout) {
  const OpenIdProvider first("k1"), second("k2");
  const auto one = OpenIdKeys::Parse(first.Document()).value();
  EXPECT_NE(one.Find("k1"), nullptr);
  EXPECT_EQ(one.Find("k2"), nullptr);
  EXPECT_NE(one.Find(""), nullptr);
  const json::object both = {{"keys", {first.Jwk(), second.Jwk()}}};
  const auto two = OpenIdKeys::Parse(json::serialize(both)).value();
  EXPECT_NE(two.Find("k2"), nullptr);
  EXPECT_EQ(two.Find(""), nullptr) << "which one?";
}

TEST(OpenIdKeys, PassesOverWhatCannotBeUsed) {
  const OpenIdProvider provider;
  const json::object secret = JwkOf(provider.key(), Part::kPrivate);
  const json::object set = {
      {"keys",
       {json::value{{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", "AA"}},
        json::value{{"kty", "oct"}, {"k", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}},
        json::value(secret), json::value(1), json::value(provider.Jwk())}}};
  EXPECT_EQ(OpenIdKeys::Parse(json::serialize(set))->size(), 1u);
}

TEST(OpenIdKeys, RefusesDocumentsThatAreNoKeySet) {
  const OpenIdProvider provider;
  json::array many;
  for (size_t i = 0; i <= OpenIdKeys::kMaxKeys; ++i) many.push_back(provider.Jwk());
  const json::object too_many = {{"keys", many}};
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string("{}"), std::string(R"({"keys":{}})"),
        std::string(R"({"keys":[]})"), json::serialize(too_many),
        provider.Document() + std::string(OpenIdKeys::kMaxDocumentBytes, ' ')}) {
    EXPECT_EQ(ErrorOf(OpenIdKeys::Parse(text)).code, ErrorCode::kUnavailable);
  }
}

}  // namespace
}  // namespace confab::auth
