#include "app/process/service_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "auth/unix_time.h"
#include "base/testing/error_of.h"

namespace confab::app {
namespace {

using testing::HasSubstr;

class ServiceTokensTest : public testing::Test {
 protected:
  ~ServiceTokensTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<ServiceTokens> Open(const std::string& service) {
    auto authority = auth::Authority::Open({.folder = folder_}, auth::UnixSeconds());
    EXPECT_TRUE(authority) << authority.error().message;
    return std::make_unique<ServiceTokens>(std::move(*authority), service, service + "-1");
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      ("confab_tokens_" + std::to_string(reinterpret_cast<uintptr_t>(this)));
};

TEST_F(ServiceTokensTest, AreTakenByAnotherProcessOfTheSameFolder) {
  const auto media = Open("media");
  const auto signaling = Open("signaling");
  const std::string token = signaling->Source()();
  const rpc::TokenCheck check = media->Check({"signaling", "gateway"});
  EXPECT_TRUE(check(token));
  EXPECT_TRUE(check(token)) << "remembered";
}

TEST_F(ServiceTokensTest, AreTheSameForManyCalls) {
  const auto signaling = Open("signaling");
  EXPECT_EQ(signaling->Source()(), signaling->Source()());
}

TEST_F(ServiceTokensTest, AreRefusedFromAServiceThatHasNoBusinessThere) {
  const auto media = Open("media");
  const std::string token = Open("logs")->Source()();
  const auto refused = media->Check({"signaling"})(token);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(refused.error().message, HasSubstr("\"logs\""));
  EXPECT_FALSE(media->Check({"signaling"})(token)) << "remembered or not";
}

TEST_F(ServiceTokensTest, AreRefusedWhereTheyAreBroken) {
  const auto media = Open("media");
  std::string token = Open("signaling")->Source()();
  const rpc::TokenCheck check = media->Check({"signaling"});
  ASSERT_TRUE(check(token));
  token[token.size() / 2] = token[token.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(ErrorOf(check(token)).code, ErrorCode::kUnauthorized);
  EXPECT_EQ(ErrorOf(check("")).code, ErrorCode::kUnauthorized);
}

TEST_F(ServiceTokensTest, AreBelievedForAMinuteAtMostAfterTheirKeyWasWithdrawn) {
  const std::string token = Open("signaling")->Source()();
  int64_t now_s = auth::UnixSeconds();
  auto opened = auth::Authority::Open({.folder = folder_}, now_s);
  ASSERT_TRUE(opened) << opened.error().message;
  const std::shared_ptr<auth::Authority> authority = std::move(*opened);
  const ServiceTokens media(authority, "media", "media-1", [&now_s] { return now_s; });
  const rpc::TokenCheck check = media.Check({"signaling"});
  ASSERT_TRUE(check(token));

  std::vector<std::filesystem::path> keys;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    keys.push_back(entry.path());
  }
  for (const std::filesystem::path& key : keys) std::filesystem::remove(key);
  ASSERT_TRUE(authority->Refresh(now_s));
  now_s += ServiceTokens::kRememberedForS - 1;
  EXPECT_TRUE(check(token)) << "remembered";
  now_s += 1;
  EXPECT_EQ(ErrorOf(check(token)).code, ErrorCode::kUnauthorized);
}

TEST_F(ServiceTokensTest, OutliveTheirMaker) {
  rpc::TokenSource source;
  rpc::TokenCheck check;
  {
    const auto signaling = Open("signaling");
    source = signaling->Source();
    check = signaling->Check({"signaling"});
  }
  EXPECT_TRUE(check(source()));
}

}  // namespace
}  // namespace confab::app
