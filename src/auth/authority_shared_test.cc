#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/api_keys.h"
#include "auth/authority.h"
#include "auth/testing/authority_fixture.h"
#include "base/testing/error_of.h"

namespace confab::auth {
namespace {

using testing::SignRaw;

// What several processes know together: API keys that are not in the file, and revocations.
class SharedKnowledgeTest : public AuthorityTest {
 protected:
  static constexpr int64_t kGoodUntil = kNow + 60;

  static ApiKey Make() {
    return MakeApiKey({.scopes = {std::string(ApiKey::kMintJoin)}}, kNow).value();
  }
  static std::string Mint(const ApiKey& key) {
    return SignRaw({{"alg", "HS256"}, {"kid", key.id}},
                   {{"aud", "confab/join"}, {"jti", "1"}, {"room", "tea"}, {"exp", kNow + 3600}},
                   SignatureKey::FromSecret(AsBytes(key.secret)).value());
  }
  ErrorCode CodeOf(const ApiKey& key, int64_t now_s = kNow) {
    return ErrorOf(authority_->VerifyJoin(Mint(key), now_s)).code;
  }
};

TEST_F(SharedKnowledgeTest, HoldsKeysThatAreNotInTheFile) {
  const ApiKey key = Make();
  EXPECT_EQ(CodeOf(key), ErrorCode::kUnauthorized);
  authority_->SetSharedApiKeys({key}, kGoodUntil);
  EXPECT_TRUE(authority_->VerifyJoin(Mint(key), kNow));
  authority_->SetSharedApiKeys({}, kGoodUntil);
  EXPECT_EQ(CodeOf(key), ErrorCode::kUnauthorized) << "it was removed";
}

TEST_F(SharedKnowledgeTest, DoubtsEveryKeyBeforeItIsReadAndWhenItIsTooOld) {
  const ApiKey key = Make();
  authority_->ExpectSharedApiKeys();
  EXPECT_EQ(CodeOf(key), ErrorCode::kUnavailable);
  authority_->SetSharedApiKeys({key}, kGoodUntil);
  authority_->ExpectSharedApiKeys();
  EXPECT_TRUE(authority_->VerifyJoin(Mint(key), kGoodUntil - 1));
  EXPECT_EQ(CodeOf(key, kGoodUntil), ErrorCode::kUnavailable);
}

TEST_F(SharedKnowledgeTest, LeavesTheFilesKeysAndItsOwnAsTheyAre) {
  const ApiKey key =
      AddApiKey(Options().api_keys, {.scopes = {std::string(ApiKey::kMintJoin)}}, kNow).value();
  authority_->ExpectSharedApiKeys();
  EXPECT_TRUE(authority_->VerifyJoin(Mint(key), kNow));
  const std::string own = authority_->SignJoin({.room = "tea"}, kNow).value();
  EXPECT_TRUE(authority_->VerifyJoin(own, kNow));
  EXPECT_EQ(ErrorOf(authority_->VerifyJoin(JoinWith({}).substr(1), kNow)).code,
            ErrorCode::kUnauthorized);
}

TEST_F(SharedKnowledgeTest, RefusesTheResumeTokensOfWhoWasRemoved) {
  const auto token = [&](const char* participant) {
    return *authority_->SignResume({.room = "tea", .participant = participant}, kNow);
  };
  authority_->Revoke(ResumeSubject("tea", "p"), kNow + authority_->longest_resume_s(), kNow);
  EXPECT_EQ(ErrorOf(authority_->VerifyResume(token("p"), kNow)).code, ErrorCode::kSessionExpired);
  EXPECT_TRUE(authority_->VerifyResume(token("q"), kNow));
}

TEST_F(SharedKnowledgeTest, LetsNobodyResumeBeforeRevocationsAreKnownWhereTheyAreExpected) {
  const std::string token = *authority_->SignResume({.room = "tea", .participant = "p"}, kNow);
  authority_->ExpectRevocations();
  EXPECT_EQ(ErrorOf(authority_->VerifyResume(token, kNow)).code, ErrorCode::kUnavailable);
  authority_->RevocationsAreKnown();
  EXPECT_TRUE(authority_->VerifyResume(token, kNow));
}

}  // namespace
}  // namespace confab::auth
