#include "auth/key_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "auth/authority.h"
#include "auth/jwk.h"
#include "auth/testing/authority_in_folder.h"
#include "auth/testing/temporary_folder.h"
#include "auth/testing/times.h"

namespace confab::auth {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::kNow;
using testing::Open;
using testing::Sign;
using testing::TemporaryFolder;
using testing::TryOpen;
using testing::Verifies;

TEST(KeyFolder, GivesANumberOnceToTwoWhoMakeAKeyAtTheSameMoment) {
  const TemporaryFolder folder;
  const KeyFolder keys(folder.path());
  ASSERT_TRUE(keys.Make(1, kNow));
  testing::Write(folder.path() / "key-1x.jwk", "not a number");
  const uint64_t next = keys.Read().last_number + 1;
  EXPECT_EQ(next, 2U);
  // The other one was faster: its file stays as it is, and there is no second one.
  testing::Write(folder.path() / "key-000002.jwk", "of another process");
  ASSERT_TRUE(keys.Make(next, kNow));
  EXPECT_EQ(testing::Read(folder.path() / "key-000002.jwk"), "of another process");
  EXPECT_FALSE(fs::exists(folder.path() / "key-000003.jwk"));
  EXPECT_EQ(keys.Read().last_number, 2U) << "of a file that is no key";
  for (const auto& each : fs::directory_iterator(folder.path())) {
    EXPECT_EQ(each.path().extension(), ".jwk") << "a temporary file is left: " << each.path();
  }
}

TEST(KeyFolder, LetsOnlyTheOwnerReadWhatItMakes) {
  const TemporaryFolder folder;
  Open(folder.path() / "keys");
  const fs::path keys = folder.path() / "keys";
  EXPECT_EQ(fs::status(keys).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(keys / "key-000001.jwk").permissions(), testing::kOwnerOnly);
}

TEST(KeyFolder, RefusesAKeyThatOthersCanReadAndSaysWhatToDo) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "key-000001.jwk";
  for (const fs::perms more : {fs::perms::group_read, fs::perms::others_read,
                               fs::perms::group_write, fs::perms::others_write}) {
    Open(folder.path());
    fs::permissions(file, testing::kOwnerOnly | more);
    const auto opened = TryOpen(folder.path());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::kInvalidConfiguration);
    EXPECT_THAT(opened.error().message, HasSubstr("chmod 600 " + file.string()));
    fs::permissions(file, testing::kOwnerOnly);
  }
}

TEST(KeyFolder, RefusesAFolderThatOthersCanWriteTo) {
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms::owner_all | fs::perms::group_write);
  const auto opened = TryOpen(folder.path());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("chmod 700 " + folder.path().string()));
}

TEST(KeyFolder, RefusesWhatIsNoFolder) {
  const TemporaryFolder folder;
  testing::Write(folder.path() / "file", "");
  EXPECT_FALSE(TryOpen(folder.path() / "file"));
  EXPECT_FALSE(TryOpen(folder.path() / "file/below"));
}

TEST(KeyFolder, RefusesFilesThatAreNoKeys) {
  const std::string good = json::serialize(JwkOf(SignatureKey::MakeEc().value(), Part::kPrivate));
  json::object bad_time = *ParseJsonObject(good);
  bad_time["nbf"] = "soon";
  for (const std::string& text :
       {std::string(), std::string("{}"), good + good, std::string(20'000, ' ') + good,
        json::serialize(bad_time), std::string(R"({"kty":"RSA","n":"AQAB","e":"AQAB"})")}) {
    const TemporaryFolder folder;
    testing::Write(folder.path() / "x.jwk", text);
    const auto opened = TryOpen(folder.path());
    ASSERT_FALSE(opened) << text.substr(0, 80);
    EXPECT_THAT(opened.error().message, HasSubstr((folder.path() / "x.jwk").string()));
  }
}

TEST(KeyFolder, RefusesMoreKeysThanAreAllowed) {
  const TemporaryFolder folder;
  const KeyFolder keys(folder.path());
  for (size_t i = 0; i < KeyFolder::kMaxKeys; ++i) ASSERT_TRUE(keys.Make(i + 1, kNow));
  EXPECT_TRUE(keys.Read().problem);
  ASSERT_TRUE(keys.Make(KeyFolder::kMaxKeys + 1, kNow));
  const KeyFolder::Contents contents = keys.Read();
  EXPECT_FALSE(contents.problem);
  EXPECT_EQ(contents.keys.size(), KeyFolder::kMaxKeys);
}

TEST(KeyFolder, KeepsWhatIsKnownWhenAFileGoesBad) {
  const TemporaryFolder folder;
  const auto authority = Open(folder.path());
  const std::string token = Sign(*authority, kNow);
  testing::Write(folder.path() / "key-000001.jwk", "{");
  EXPECT_FALSE(authority->Refresh(kNow + 1));
  EXPECT_TRUE(Verifies(*authority, token, kNow + 1));
  EXPECT_TRUE(Verifies(*authority, Sign(*authority, kNow + 1), kNow + 1));
  fs::remove_all(folder.path());
  EXPECT_FALSE(authority->Refresh(kNow + 2));
  EXPECT_TRUE(Verifies(*authority, token, kNow + 2));
}

TEST(KeyFolder, ForgetsAKeyWhoseFileIsRemoved) {
  const TemporaryFolder folder;
  const auto authority = Open(folder.path());
  const std::string token = Sign(*authority, kNow);
  fs::remove(folder.path() / "key-000001.jwk");
  ASSERT_TRUE(authority->Refresh(kNow + 1));
  EXPECT_FALSE(Verifies(*authority, token, kNow + 1));
  EXPECT_TRUE(Verifies(*authority, Sign(*authority, kNow + 1), kNow + 1)) << "there is a new one";
}

}  // namespace
}  // namespace confab::auth
