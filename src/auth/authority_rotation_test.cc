#include <gtest/gtest.h>

#include <algorithm>

#include "auth/authority.h"
#include "auth/jwk.h"
#include "auth/limits.h"
#include "auth/testing/authority_in_folder.h"
#include "auth/testing/temporary_folder.h"
#include "auth/testing/times.h"
#include "auth/testing/tokens.h"

namespace confab::auth {
namespace {

namespace fs = std::filesystem;
using testing::kDay;
using testing::kHour;
using testing::kMinute;
using testing::kNow;
using testing::Open;
using testing::Sign;
using testing::TemporaryFolder;
using testing::TryOpen;
using testing::Verifies;

std::string KeyOfToken(const std::string& token) {
  return std::string(testing::PartOf(token, 0).at("kid").as_string());
}

size_t CountKeys(const Authority& authority) {
  return ParseJsonObject(authority.Jwks())->at("keys").as_array().size();
}

size_t CountFiles(const fs::path& folder) {
  return static_cast<size_t>(std::distance(fs::directory_iterator(folder), {}));
}

TEST(KeyRotation, SignsAtOnceWithTheVeryFirstKey) {
  const TemporaryFolder folder;
  const auto authority = Open(folder.path() / "keys");
  EXPECT_TRUE(Verifies(*authority, Sign(*authority, kNow), kNow));
  EXPECT_EQ(CountFiles(folder.path() / "keys"), 1u);
}

TEST(KeyRotation, PublishesAKeyTenMinutesBeforeItSigns) {
  const TemporaryFolder folder;
  const auto authority = Open(folder.path());
  const std::string first = KeyOfToken(Sign(*authority, kNow));
  ASSERT_TRUE(authority->Refresh(kNow + kDay - 10 * kMinute - 1));
  EXPECT_EQ(CountKeys(*authority), 1u);
  ASSERT_TRUE(authority->Refresh(kNow + kDay - 10 * kMinute));
  EXPECT_EQ(CountKeys(*authority), 2u);
  EXPECT_EQ(KeyOfToken(Sign(*authority, kNow + kDay - 1)), first);
  EXPECT_NE(KeyOfToken(Sign(*authority, kNow + kDay)), first);
}

TEST(KeyRotation, WaitsTenMinutesAlsoWhenItIsLate) {
  const TemporaryFolder folder;
  const auto authority = Open(folder.path());
  const std::string first = KeyOfToken(Sign(*authority, kNow));
  const int64_t later = kNow + 30 * kDay;
  ASSERT_TRUE(authority->Refresh(later));
  EXPECT_EQ(KeyOfToken(Sign(*authority, later + 10 * kMinute - 1)), first);
  EXPECT_NE(KeyOfToken(Sign(*authority, later + 10 * kMinute)), first);
}

TEST(KeyRotation, VerifiesUntilTheLastTokenOfAKeyHasExpired) {
  const TemporaryFolder folder;
  const auto authority = Open(folder.path());
  const auto reader = Open(folder.path());
  // The last moment of the first key, for as long as a token may last.
  const std::string token = [&] {
    int64_t now = kNow;
    for (; now < kNow + kDay - 1; now += 5 * kMinute) EXPECT_TRUE(authority->Refresh(now));
    return Sign(*authority, kNow + kDay - 1, kNow + 2 * kDay - 1);
  }();
  int64_t now = kNow + kDay;
  for (; now < kNow + 2 * kDay - 1; now += kHour) {
    ASSERT_TRUE(authority->Refresh(now));
    ASSERT_TRUE(reader->Refresh(now));
    ASSERT_TRUE(Verifies(*reader, token, now)) << now - kNow;
  }
  const fs::path first = folder.path() / "key-000001.jwk";
  EXPECT_TRUE(Verifies(*reader, token, kNow + 2 * kDay + 28)) << "within the skew";
  ASSERT_TRUE(authority->Refresh(kNow + 2 * kDay + 300));
  EXPECT_TRUE(fs::exists(first));
  ASSERT_TRUE(authority->Refresh(kNow + 2 * kDay + 301));
  EXPECT_FALSE(fs::exists(first));
}

TEST(KeyRotation, KeepsTheFolderSmall) {
  const TemporaryFolder folder;
  const auto authority = Open(folder.path());
  const auto other = Open(folder.path());
  for (int64_t now = kNow; now < kNow + 30 * kDay; now += 3 * kHour) {
    ASSERT_TRUE(authority->Refresh(now));
    ASSERT_TRUE(other->Refresh(now + 1));
    ASSERT_LE(CountFiles(folder.path()), 3u);
    ASSERT_TRUE(Verifies(*other, Sign(*authority, now), now));
    ASSERT_TRUE(Verifies(*authority, Sign(*other, now), now));
  }
}

TEST(KeyRotation, GoesOnAfterAClockThatWasWrong) {
  const TemporaryFolder folder;
  const auto authority = Open(folder.path());
  ASSERT_TRUE(authority->Refresh(kNow + 1000 * kDay));
  ASSERT_TRUE(authority->Refresh(kNow + kDay));
  EXPECT_EQ(CountKeys(*authority), 3u) << "the key of the far future does not count";
  EXPECT_TRUE(Verifies(*authority, Sign(*authority, kNow + kDay), kNow + kDay));
}

TEST(KeyRotation, SignsEvenWhenTheClockIsBehindTheFirstKey) {
  const TemporaryFolder folder;
  const auto first = Open(folder.path(), kNow);
  const auto behind = Open(folder.path(), kNow - 20);
  EXPECT_TRUE(Verifies(*first, Sign(*behind, kNow - 20), kNow));
}

TEST(TwoAuthorities, MakeOneKeyWhenBothBegin) {
  const TemporaryFolder folder;
  const auto one = Open(folder.path());
  const auto two = Open(folder.path());
  EXPECT_EQ(CountFiles(folder.path()), 1u);
  EXPECT_TRUE(Verifies(*two, Sign(*one, kNow), kNow));
  EXPECT_TRUE(Verifies(*one, Sign(*two, kNow), kNow));
}

TEST(TwoAuthorities, MakeOneKeyWhenBothRotateAtTheSameMoment) {
  const TemporaryFolder folder;
  const auto one = Open(folder.path());
  const auto two = Open(folder.path());
  const int64_t due = kNow + kDay - 10 * kMinute;
  // Both saw one key; the second finds the name taken.
  ASSERT_TRUE(one->Refresh(due));
  ASSERT_TRUE(two->Refresh(due));
  EXPECT_EQ(CountFiles(folder.path()), 2u);
  EXPECT_EQ(KeyOfToken(Sign(*one, kNow + kDay)), KeyOfToken(Sign(*two, kNow + kDay)));
}

TEST(TwoAuthorities, LearnOfEachOthersKeysFromAToken) {
  const TemporaryFolder folder;
  const auto one = Open(folder.path());
  const auto two = Open(folder.path());
  fs::remove(folder.path() / "key-000001.jwk");
  const auto three = Open(folder.path());
  const std::string token = Sign(*three, kNow);
  EXPECT_TRUE(Verifies(*two, token, kNow));
}

TEST(PublicKeysAlone, VerifyAndDoNotSign) {
  const TemporaryFolder folder, public_folder;
  const auto signer = Open(folder.path());
  const auto set = ParseJsonObject(signer->Jwks());
  testing::Write(public_folder.path() / "first.jwk", json::serialize(set->at("keys").at(0)),
                 testing::kOwnerOnly | fs::perms::others_read);
  const auto verifier = Open(public_folder.path());
  EXPECT_FALSE(verifier->can_sign());
  EXPECT_TRUE(signer->can_sign());
  EXPECT_TRUE(Verifies(*verifier, Sign(*signer, kNow), kNow));
  const auto refused = verifier->SignJoin({.room = "tea"}, kNow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  ASSERT_TRUE(verifier->Refresh(kNow + 100 * kDay));
  EXPECT_EQ(CountFiles(public_folder.path()), 1u) << "none is made, none is removed";
}

TEST(PublicKeysAlone, DoNotHideThePrivateOneBesideThem) {
  const TemporaryFolder folder;
  const auto signer = Open(folder.path());
  const auto set = ParseJsonObject(signer->Jwks());
  testing::Write(folder.path() / "copy.jwk", json::serialize(set->at("keys").at(0)));
  const auto authority = Open(folder.path());
  EXPECT_EQ(CountKeys(*authority), 1u);
  EXPECT_TRUE(authority->can_sign());
}

TEST(PublicKeysAlone, AreRefusedWhereOthersCanChangeThem) {
  const TemporaryFolder folder;
  testing::Write(folder.path() / "a.jwk",
                 json::serialize(JwkOf(SignatureKey::MakeEc().value(), Part::kPublic)),
                 testing::kOwnerOnly | fs::perms::others_write);
  EXPECT_FALSE(TryOpen(folder.path()));
}

}  // namespace
}  // namespace confab::auth
