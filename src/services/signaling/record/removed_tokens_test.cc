#include "services/signaling/record/removed_tokens.h"

#include <gtest/gtest.h>

#include "auth/revocations.h"
#include "auth/testing/temporary_folder.h"
#include "backends/store/testing/store_test.h"

namespace confab::signaling {
namespace {

constexpr int64_t kNow = store::kNowUs / store::kSecondUs;

class RemovedTokensTest : public store::StoreTest {
 protected:
  void SetUp() override {
    store::StoreTest::SetUp();
    if (IsSkipped()) return;
    behind_ = std::make_unique<store::WriteBehind>(
        io_, store::WriteBehind::Options{.first_pause = TimeDelta::Micros(10),
                                         .most_pause = TimeDelta::Micros(100)});
    authority_ = auth::Authority::Open({.folder = folder_.path() / "keys"}, kNow).value();
  }
  std::string ResumeToken(const std::string& room) {
    return *authority_->SignResume({.room = room, .participant = ada_.ToString()}, kNow);
  }
  bool IsRevoked() {
    const std::string subject = auth::ResumeSubject("lake", ada_.ToString());
    return Done(store_->revocations().IsRevoked(subject, store::kNowUs));
  }

  Prng random_{1};
  const ParticipantId ada_ = ParticipantId::Random(random_);
  const auth::testing::TemporaryFolder folder_;
  std::unique_ptr<store::WriteBehind> behind_;
  std::unique_ptr<auth::Authority> authority_;
};

TEST_P(RemovedTokensTest, AreRefusedHereAtOnceAndElsewhereByTheStore) {
  RemovedTokens removed(*authority_, store_.get(), *behind_);
  const std::string token = ResumeToken("lake"), other = ResumeToken("hill");
  ASSERT_TRUE(authority_->VerifyResume(token, kNow));
  removed.Revoke("lake", ada_, kNow);
  EXPECT_EQ(authority_->VerifyResume(token, kNow).error().code, ErrorCode::kSessionExpired);
  EXPECT_TRUE(authority_->VerifyResume(other, kNow)) << "of another room";
  store::RunUntil(io_, [this] { return behind_->status().waiting == 0; });
  EXPECT_TRUE(IsRevoked());
}

TEST_P(RemovedTokensTest, AreRefusedForAsLongAsTheyWouldBeGood) {
  RemovedTokens removed(*authority_, nullptr, *behind_);
  const std::string token = ResumeToken("lake");
  removed.Revoke("lake", ada_, kNow);
  const auth::Authority::Options defaults;
  const int64_t end_s = kNow + (defaults.resume_lifetime + defaults.clock_skew).us() / 1'000'000;
  for (int64_t at_s = kNow; at_s < end_s + 2; ++at_s) {
    ASSERT_FALSE(authority_->VerifyResume(token, at_s)) << at_s - kNow;
  }
}

INSTANTIATE_TEST_SUITE_P(All, RemovedTokensTest, store::kDatabases, store::kDatabaseName);

}  // namespace
}  // namespace confab::signaling
