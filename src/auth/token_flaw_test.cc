#include "auth/token_flaw.h"

#include <gtest/gtest.h>

#include "auth/api_keys.h"
#include "auth/authority.h"
#include "auth/testing/authority_fixture.h"

namespace confab::auth {
namespace {

using Kind = TokenFlaw::Kind;
using testing::SignRaw;

class TokenFlawTest : public AuthorityTest {
 protected:
  TokenFlaw FlawOf(std::string_view token, int64_t now_s = kNow) {
    return authority_->FindFlaw(token, now_s);
  }
};

TEST_F(TokenFlawTest, NamesTheRoomOfATokenThatHasExpired) {
  const TokenFlaw flaw = FlawOf(JoinWith({{"exp", kNow - 31}}));
  EXPECT_EQ(flaw.kind, Kind::kExpired);
  EXPECT_EQ(flaw.room, "tea");
  const std::string resume = *authority_->SignResume({.room = "tea", .participant = "p"}, kNow);
  EXPECT_EQ(FlawOf(resume, kNow + 3600).kind, Kind::kExpired);
  EXPECT_EQ(FlawOf(resume, kNow + 3600).room, "tea");
}

TEST_F(TokenFlawTest, KnowsWhatDoesNotCountYet) {
  const TokenFlaw flaw = FlawOf(JoinWith({{"nbf", kNow + 31}}));
  EXPECT_EQ(flaw.kind, Kind::kNotYet);
  EXPECT_EQ(flaw.room, "tea");
}

TEST_F(TokenFlawTest, KnowsWhoWasRemoved) {
  const std::string resume = *authority_->SignResume({.room = "tea", .participant = "p"}, kNow);
  authority_->Revoke(ResumeSubject("tea", "p"), kNow + 900, kNow);
  EXPECT_EQ(FlawOf(resume).kind, Kind::kRevoked);
  EXPECT_EQ(FlawOf(resume).room, "tea");
}

TEST_F(TokenFlawTest, SaysNothingOfARoomWhereTheSignatureIsNotOurs) {
  std::string token = JoinWith({{"exp", kNow - 31}});
  token[token.size() - 5] = token[token.size() - 5] == 'A' ? 'B' : 'A';
  EXPECT_EQ(FlawOf(token).kind, Kind::kInvalid);
  EXPECT_EQ(FlawOf(token).room, "");
  for (const char* text : {"", "x", "a.b.c"}) {
    EXPECT_EQ(FlawOf(text).kind, Kind::kInvalid) << text;
    EXPECT_EQ(FlawOf(text).room, "") << text;
  }
}

TEST_F(TokenFlawTest, TakesNoTokenOfAnotherKindForOneOfARoom) {
  const std::string api =
      *authority_->SignApi({.subject = "s", .scopes = {"a"}, .room = "tea"}, kNow);
  EXPECT_EQ(FlawOf(api, kNow + 3600).kind, Kind::kInvalid);
  EXPECT_EQ(FlawOf(api, kNow + 3600).room, "");
}

TEST_F(TokenFlawTest, TakesNoTextForARoomThatCannotBeItsName) {
  for (const json::value& room : {json::value("a room"), json::value(7), json::value(nullptr)}) {
    EXPECT_EQ(FlawOf(JoinWith({{"exp", kNow - 31}, {"room", room}})).room, "");
  }
}

TEST_F(TokenFlawTest, KeepsAnApiKeyToItsRoom) {
  const ApiKey key =
      AddApiKey(Options().api_keys, {{std::string(ApiKey::kMintJoin)}, "tea"}, kNow).value();
  const auto mint = [&](std::string_view room) {
    return SignRaw({{"alg", "HS256"}, {"kid", key.id}},
                   {{"aud", "confab/join"}, {"jti", "1"}, {"room", room}, {"exp", kNow - 60}},
                   SignatureKey::FromSecret(AsBytes(key.secret)).value());
  };
  EXPECT_EQ(FlawOf(mint("tea")).kind, Kind::kExpired);
  EXPECT_EQ(FlawOf(mint("tea")).room, "tea");
  EXPECT_EQ(FlawOf(mint("coffee")).kind, Kind::kInvalid);
  EXPECT_EQ(FlawOf(mint("coffee")).room, "") << "of a room that is not the key's";
}

TEST_F(TokenFlawTest, IsNotAskedToBelieveWhatATokenSaysItIsFor) {
  const std::string resume = *authority_->SignResume({.room = "tea", .participant = "p"}, kNow);
  EXPECT_TRUE(Authority::SaysItIsFor(resume, Audience::kResume));
  EXPECT_FALSE(Authority::SaysItIsFor(resume, Audience::kJoin));
  EXPECT_FALSE(Authority::SaysItIsFor("x", Audience::kJoin));
}

}  // namespace
}  // namespace confab::auth
