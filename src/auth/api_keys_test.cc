#include "auth/api_keys.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/testing/temporary_folder.h"
#include "auth/testing/times.h"
#include "base/testing/error_of.h"

namespace confab::auth {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::kNow;
using testing::TemporaryFolder;

TEST(ApiKeys, AreNoneWithoutAFile) {
  const TemporaryFolder folder;
  EXPECT_EQ(ReadApiKeys(folder.path() / "api-keys.json")->size(), 0u);
}

TEST(ApiKeys, ComeBackAsTheyWereMadeAndGo) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "api-keys.json";
  const ApiKey first = AddApiKey(file, {{"rooms:read", "tokens:join"}, "tea"}, kNow).value();
  const ApiKey second = AddApiKey(file, {}, kNow + 1).value();
  EXPECT_EQ(ReadApiKeys(file).value(), (std::vector<ApiKey>{first, second}));
  EXPECT_NE(first.id, second.id);
  EXPECT_NE(first.secret, second.secret);
  EXPECT_TRUE(first.id.starts_with("ck_"));
  EXPECT_EQ(first.secret.size(), 3 + ApiKey::kMinSecretLetters);
  EXPECT_EQ(first.created_at_s, kNow);
  ASSERT_TRUE(RemoveApiKey(file, first.id));
  EXPECT_EQ(ReadApiKeys(file).value(), std::vector<ApiKey>{second});
  EXPECT_EQ(ErrorOf(RemoveApiKey(file, first.id)).code, ErrorCode::kNotFound);
}

TEST(ApiKeys, LieInAFileThatOnlyItsOwnerReads) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "api-keys.json";
  ASSERT_TRUE(AddApiKey(file, {}, kNow));
  EXPECT_EQ(fs::status(file).permissions(), testing::kOwnerOnly);
  fs::permissions(file, testing::kOwnerOnly | fs::perms::group_read);
  const auto read = ReadApiKeys(file);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("chmod 600 " + file.string()));
  EXPECT_FALSE(AddApiKey(file, {}, kNow));
}

TEST(ApiKeys, AreAtMostSoMany) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "api-keys.json";
  std::string keys;
  for (size_t i = 0; i < kMaxApiKeys; ++i) {
    keys += fmt::format(R"({}{{"id":"ck_{}","secret":"cs_{}","scopes":[]}})", i == 0 ? "" : ",", i,
                        std::string(ApiKey::kMinSecretLetters, 'x'));
  }
  testing::Write(file, "{\"keys\":[" + keys + "]}");
  EXPECT_EQ(ReadApiKeys(file)->size(), kMaxApiKeys);
  EXPECT_EQ(ErrorOf(AddApiKey(file, {}, kNow)).code, ErrorCode::kLimitExceeded);
  const std::string one_more =
      fmt::format(R"(,{{"id":"ck_z","secret":"cs_{}","scopes":[]}})", std::string(43, 'x'));
  EXPECT_FALSE(ParseApiKeys("{\"keys\":[" + keys + one_more + "]}"));
}

TEST(ApiKeys, AreRefusedInOtherForms) {
  const auto key = [](std::string_view id, std::string_view secret, std::string_view rest) {
    return fmt::format(R"({{"keys":[{{"id":"{}","secret":"{}"{}}}]}})", id, secret, rest);
  };
  const std::string secret = "cs_" + std::string(43, 'A'), scopes = R"(,"scopes":["rooms:read"])";
  ASSERT_TRUE(ParseApiKeys(key("ck_a", secret, scopes)));
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string("{}"), std::string(R"({"keys":{}})"),
        std::string(R"({"keys":[1]})"), key("ck_", secret, scopes), key("xx_a", secret, scopes),
        key("ck_A", secret, scopes), key("ck_" + std::string(62, 'a'), secret, scopes),
        key("ck_a", secret.substr(1), scopes), key("ck_a", secret.substr(0, 45), scopes),
        key("ck_a", secret + "!", scopes), key("ck_a", "cs_" + std::string(129, 'A'), scopes),
        key("ck_a", secret, ""), key("ck_a", secret, R"(,"scopes":"rooms:read")"),
        key("ck_a", secret, R"(,"scopes":["Rooms"])"), key("ck_a", secret, R"(,"scopes":[1])"),
        key("ck_a", secret, scopes + R"(,"room":"a room")"),
        key("ck_a", secret, scopes + R"(,"createdAt":"now")")}) {
    const auto keys = ParseApiKeys(text);
    ASSERT_FALSE(keys) << text;
    EXPECT_EQ(keys.error().code, ErrorCode::kInvalidConfiguration);
  }
}

TEST(ApiKeys, HaveEachIdOnce) {
  const std::string key =
      fmt::format(R"({{"id":"ck_a","secret":"cs_{}","scopes":[]}})", std::string(43, 'A'));
  EXPECT_THAT(ErrorOf(ParseApiKeys("{\"keys\":[" + key + "," + key + "]}")).message,
              HasSubstr("ck_a is there twice"));
}

TEST(ApiKeys, AreNotMadeWithScopesOrRoomsOfAWrongForm) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "api-keys.json";
  EXPECT_EQ(ErrorOf(AddApiKey(file, {{"two words"}, ""}, kNow)).code, ErrorCode::kInvalidMessage);
  EXPECT_EQ(ErrorOf(AddApiKey(file, {{}, "a room"}, kNow)).code, ErrorCode::kInvalidMessage);
  EXPECT_FALSE(fs::exists(file));
}

}  // namespace
}  // namespace confab::auth
