#include "app/token/token_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "app/cli/command_line.h"
#include "app/token/authority_options.h"
#include "auth/api_keys.h"

namespace confab::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using Action = TokenRun::Action;

constexpr int64_t kNow = 1'800'000'000;

class TokenCommandTest : public testing::Test {
 protected:
  TokenCommandTest() {
    std::string name = (fs::path(testing::TempDir()) / "confab-token-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    data_dir_ = name;
  }
  ~TokenCommandTest() override { fs::remove_all(data_dir_); }

  TokenOutcome Run(const TokenRun& run, int64_t now_s = kNow) const {
    return RunToken(run, {.data_dir = data_dir_}, now_s);
  }
  // A line that was printed, without its end.
  std::string Line(const TokenRun& run) const {
    TokenOutcome outcome = Run(run);
    EXPECT_EQ(outcome.status, 0) << outcome.text;
    outcome.text.pop_back();
    return outcome.text;
  }

  fs::path data_dir_;
};

CommandLine Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), {"confab", "token"});
  return ParseCommandLine(static_cast<int>(arguments.size()), arguments.data());
}

TEST(TokenFlags, DescribeAJoinToken) {
  const CommandLine line =
      Parse({"join", "tea", "--name", "Ada", "--role", "moderator", "--identity", "ada",
             "--no-screen", "--hidden", "--minutes", "5", "--data-dir", "d"});
  ASSERT_EQ(line.command, Command::kToken) << line.text;
  EXPECT_EQ(line.token.action, Action::kJoin);
  EXPECT_EQ(line.token.join, (auth::JoinClaims{.room = "tea",
                                               .identity = "ada",
                                               .name = "Ada",
                                               .role = "moderator",
                                               .grants = {.screen = false, .hidden = true}}));
  EXPECT_EQ(line.token.minutes, 5u);
  EXPECT_EQ(LoadConfig(line.sources).config.data_dir, "d");
}

TEST(TokenFlags, DescribeTheOtherCommands) {
  const CommandLine api = Parse({"api", "--scope", "rooms:read", "--scope", "rooms:write"});
  EXPECT_EQ(api.token.action, Action::kApi) << api.text;
  EXPECT_EQ(api.token.scopes.size(), 2u);
  const CommandLine made = Parse({"key", "new", "--scope", "rooms:read", "--room", "tea"});
  EXPECT_EQ(made.token.action, Action::kKeyNew) << made.text;
  EXPECT_EQ(made.token.room, "tea");
  EXPECT_EQ(Parse({"key", "list"}).token.action, Action::kKeyList);
  EXPECT_EQ(Parse({"key", "remove", "ck_a"}).token.key_id, "ck_a");
  EXPECT_EQ(Parse({"show", "a.b.c"}).token.token, "a.b.c");
  EXPECT_EQ(Parse({"show", "-"}).token.token, "-");
  const CommandLine unseen = Parse({"show"});
  EXPECT_EQ(unseen.command, Command::kToken) << unseen.text;
  EXPECT_EQ(unseen.token.action, Action::kShow);
  EXPECT_EQ(unseen.token.token, "");
}

TEST(TokenFlags, RefuseWhatIsIncompleteOrOutOfRange) {
  for (const auto& arguments :
       std::vector<std::vector<const char*>>{{},
                                             {"join"},
                                             {"key"},
                                             {"key", "remove"},
                                             {"join", "tea", "--role", "king"},
                                             {"join", "tea", "--minutes", "0"},
                                             {"join", "tea", "--minutes", "1441"}}) {
    EXPECT_EQ(Parse(arguments).status, 2);
  }
}

TEST_F(TokenCommandTest, MakesAJoinTokenThatVerifies) {
  TokenRun run{.action = Action::kJoin, .join = {.room = "tea", .name = "Ada"}, .minutes = 5};
  const std::string token = Line(run);
  const auto authority = auth::Authority::Open(AuthorityOptions(data_dir_), kNow);
  const auto claims = (*authority)->VerifyJoin(token, kNow);
  ASSERT_TRUE(claims) << claims.error().message;
  EXPECT_EQ(claims->name, "Ada");
  EXPECT_EQ(claims->expires_at_s, kNow + 300);
}

TEST_F(TokenCommandTest, LetsAModeratorModerate) {
  TokenRun run{.action = Action::kJoin, .join = {.room = "tea", .role = "moderator"}};
  const auto authority = auth::Authority::Open(AuthorityOptions(data_dir_), kNow);
  EXPECT_TRUE((*authority)->VerifyJoin(Line(run), kNow)->grants.moderate);
}

TEST_F(TokenCommandTest, RefusesARoomThatCannotBe) {
  const TokenOutcome outcome = Run({.action = Action::kJoin, .join = {.room = "a room"}});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.text, HasSubstr("\"room\""));
}

TEST_F(TokenCommandTest, ExplainsATokenThatVerifies) {
  const std::string token = Line({.action = Action::kApi, .scopes = {"rooms:read"}});
  const TokenOutcome shown = Run({.action = Action::kShow, .token = token});
  EXPECT_EQ(shown.status, 0);
  EXPECT_THAT(shown.text, HasSubstr("alg      \"ES256\""));
  EXPECT_THAT(shown.text, HasSubstr("scope    \"rooms:read\""));
  EXPECT_THAT(shown.text, HasSubstr("(2027-01-15T08:00:00Z)"));
  EXPECT_THAT(shown.text, HasSubstr("It verifies."));
}

TEST_F(TokenCommandTest, ReadsATokenThatIsNoArgument) {
  const std::string token = Line({.action = Action::kApi, .scopes = {"rooms:read"}});
  for (const char* argument : {"", "-"}) {
    std::istringstream input(token + "\r\nmore\n");
    const TokenOutcome shown = RunToken({.action = Action::kShow, .token = argument},
                                        {.data_dir = data_dir_, .input = &input}, kNow);
    EXPECT_EQ(shown.status, 0) << shown.text;
  }
  std::istringstream endless(std::string(1 << 20, 'a'));
  EXPECT_EQ(
      RunToken({.action = Action::kShow}, {.data_dir = data_dir_, .input = &endless}, kNow).status,
      1);
  EXPECT_LT(static_cast<std::streamoff>(endless.tellg()), 1 << 14);
  EXPECT_EQ(Run({.action = Action::kShow}).status, 1) << "no input";
}

TEST_F(TokenCommandTest, ExplainsWhyATokenDoesNotVerify) {
  std::string token = Line({.action = Action::kJoin, .join = {.room = "tea"}});
  const TokenOutcome late = Run({.action = Action::kShow, .token = token}, kNow + 3600);
  EXPECT_EQ(late.status, 1);
  EXPECT_THAT(late.text, HasSubstr("It does not verify. The token has expired"));
  token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_THAT(Run({.action = Action::kShow, .token = token}).text,
              HasSubstr("not signed by this server"));
  EXPECT_EQ(Run({.action = Action::kShow, .token = "nonsense"}).status, 1);
}

TEST_F(TokenCommandTest, ShowsASecretOnceAndRemovesTheKey) {
  const std::string made = Line({.action = Action::kKeyNew, .room = "tea"});
  const auto keys = auth::ReadApiKeys(AuthorityOptions(data_dir_).api_keys).value();
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_THAT(made, HasSubstr(keys[0].secret));
  EXPECT_THAT(made, HasSubstr("tokens:join"));
  const std::string listed = Line({.action = Action::kKeyList});
  EXPECT_THAT(listed, HasSubstr(keys[0].id));
  EXPECT_THAT(listed, HasSubstr("2027-01-15"));
  EXPECT_THAT(listed, Not(HasSubstr(keys[0].secret)));
  EXPECT_EQ(Run({.action = Action::kKeyRemove, .key_id = "ck_x"}).status, 1);
  EXPECT_EQ(Run({.action = Action::kKeyRemove, .key_id = keys[0].id}).status, 0);
  EXPECT_THAT(Line({.action = Action::kKeyList}), HasSubstr("no API keys"));
}

}  // namespace
}  // namespace confab::app
