#include "app/parts/shared_tokens_part.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "app/token/token_command.h"
#include "auth/api_keys.h"
#include "auth/unix_time.h"
#include "backends/bus/testing/loop.h"
#include "backends/store/make_store.h"

namespace confab::app {
namespace {

namespace fs = std::filesystem;
using bus::Await, bus::RunUntil;
using testing::HasSubstr, testing::Not;
using Action = TokenRun::Action;

// One process that has the store of all, and commands beside it.
class SharedTokensTest : public testing::Test {
 protected:
  SharedTokensTest() {
    std::string name = (fs::path(testing::TempDir()) / "confab-shared-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    config_.store.url = "sqlite:" + (folder_ / "shared.db").string();
    store_ = store::MakeStore(io_, {.url = config_.store.url}).value();
    EXPECT_TRUE(Await(io_, store_->Prepare(1)));
    authority_ = auth::Authority::Open({.folder = folder_ / "keys"}, auth::UnixSeconds()).value();
  }
  ~SharedTokensTest() override {
    part_.reset();
    store_.reset();
    bus::Settle(io_);
    fs::remove_all(folder_);
  }

  TokenOutcome Run(const TokenRun& run) const {
    return RunToken(run, {.data_dir = folder_ / "other", .store = {{.url = config_.store.url}}},
                    auth::UnixSeconds());
  }
  void Open(SharedTokensPart::Resume resume = SharedTokensPart::Resume::kAtOnce) {
    const Environment environment{.io = io_,
                                  .config = config_,
                                  .logger = observe::Logger(writer_, "app", "s1"),
                                  .metrics = metrics_,
                                  .instance_id = "s1"};
    part_ = std::make_unique<SharedTokensPart>(environment, *store_, authority_, resume);
  }
  ErrorCode CodeOfResume() {
    const auto verified = authority_->VerifyResume(resume_token_, auth::UnixSeconds());
    return verified ? ErrorCode::kInternal : verified.error().code;
  }

  fs::path folder_;
  Config config_;
  asio::io_context io_;
  observe::LogWriter writer_{observe::LogWriterOptions{.output = [](std::string_view) {}}};
  observe::MetricsRegistry metrics_;
  std::unique_ptr<store::Store> store_;
  std::shared_ptr<auth::Authority> authority_;
  std::unique_ptr<SharedTokensPart> part_;
  std::string resume_token_;
};

TEST_F(SharedTokensTest, LetCommandsShareTheirKeys) {
  const TokenOutcome made = Run({.action = Action::kKeyNew, .scopes = {"rooms:read"}});
  ASSERT_EQ(made.status, 0) << made.text;
  const std::string id = made.text.substr(8, made.text.find('\n') - 8);
  EXPECT_FALSE(fs::exists(folder_ / "other" / "api-keys.json"));
  EXPECT_THAT(Run({.action = Action::kKeyList}).text, HasSubstr(id));
  EXPECT_THAT(Run({.action = Action::kKeyRemove, .key_id = id}).text, HasSubstr("is removed"));
  EXPECT_THAT(Run({.action = Action::kKeyList}).text, Not(HasSubstr(id)));
  EXPECT_EQ(Run({.action = Action::kKeyRemove, .key_id = id}).status, 1);
}

TEST_F(SharedTokensTest, KeepTheFilesKeysGoodAndRemoveThemToo) {
  fs::create_directories(folder_ / "other");
  const fs::path file = folder_ / "other" / "api-keys.json";
  const auto key = auth::AddApiKey(file, {.scopes = {"rooms:read"}}, 1).value();
  EXPECT_THAT(Run({.action = Action::kKeyList}).text, HasSubstr(key.id));
  EXPECT_EQ(Run({.action = Action::kKeyRemove, .key_id = key.id}).status, 0);
  EXPECT_TRUE(auth::ReadApiKeys(file)->empty());
}

TEST_F(SharedTokensTest, BringRevocationsToTheAuthority) {
  resume_token_ = *authority_->SignResume({.room = "tea", .participant = "p"}, auth::UnixSeconds());
  const int64_t until_us = (auth::UnixSeconds() + 900) * 1'000'000;
  ASSERT_TRUE(Await(io_, store_->revocations().Revoke({.subject = auth::ResumeSubject("tea", "p"),
                                                       .expires_at_us = until_us})));
  EXPECT_EQ(CodeOfResume(), ErrorCode::kInternal) << "it is good as far as is known";
  Open(SharedTokensPart::Resume::kWhenRevocationsAreKnown);
  EXPECT_EQ(CodeOfResume(), ErrorCode::kUnavailable);
  EXPECT_TRUE(RunUntil(io_, [&] { return CodeOfResume() == ErrorCode::kSessionExpired; }));
}

}  // namespace
}  // namespace confab::app
