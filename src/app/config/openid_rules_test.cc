#include "app/config/openid_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/config/config_load.h"

namespace confab::app {
namespace {

using testing::ElementsAre, testing::HasSubstr, testing::IsEmpty;

Config::Auth::OpenId Usable() {
  return {.issuer = "https://id.example.com",
          .jwks_url = "https://id.example.com/jwks",
          .audience = "confab",
          .groups = {"video=admins=moderator", "staff=member", "*=guest"}};
}

std::vector<std::string> KeysOf(const std::vector<ConfigProblem>& problems) {
  std::vector<std::string> keys;
  keys.reserve(problems.size());
  for (const ConfigProblem& problem : problems) keys.push_back(problem.key);
  return keys;
}

TEST(OpenIdRules, GiveEachGroupARole) {
  const auto [rules, problems] = ReadOpenIdRules(Usable());
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(rules.issuer, "https://id.example.com");
  EXPECT_EQ(rules.audience, "confab");
  ASSERT_EQ(rules.groups.size(), 2u);
  EXPECT_EQ(rules.groups[0].group, "video=admins");
  EXPECT_EQ(rules.groups[0].role, "moderator");
  EXPECT_TRUE(rules.groups[0].grants.moderate);
  EXPECT_EQ(rules.groups[1].role, "member");
  EXPECT_EQ(rules.groups[1].grants, auth::Grants());
  ASSERT_TRUE(rules.others);
  EXPECT_EQ(rules.others->role, "guest");
}

TEST(OpenIdRules, LetNobodyElseInWithoutAStar) {
  Config::Auth::OpenId config = Usable();
  config.groups = {"staff=member"};
  EXPECT_FALSE(ReadOpenIdRules(config).rules.others);
}

TEST(OpenIdRules, GiveARoleTheGrantsAndScopesThatAreWrittenAndNoOthers) {
  Config::Auth::OpenId config = Usable();
  config.grants = {"guest=audio chat", "member="};
  config.scopes = {"moderator=rooms:read participants:moderate"};
  const auto [rules, problems] = ReadOpenIdRules(config);
  EXPECT_THAT(problems, IsEmpty());
  const auth::Grants guest{.video = false, .screen = false, .data = false};
  EXPECT_EQ(rules.others->grants, guest);
  const auth::Grants nothing{
      .audio = false, .video = false, .screen = false, .chat = false, .data = false};
  EXPECT_EQ(rules.groups[1].grants, nothing);
  EXPECT_THAT(rules.groups[0].scopes, ElementsAre("rooms:read", "participants:moderate"));
  EXPECT_THAT(rules.groups[1].scopes, IsEmpty());
}

TEST(OpenIdRules, NameEveryEntryThatCannotBeUsed) {
  Config::Auth::OpenId config = Usable();
  config.groups = {"staff", "staff=king", "=member"};
  config.grants = {"guest", "king=audio", "guest=audio,video", "guest=publishAudio", "guest=a  b"};
  config.scopes = {"moderator", "king=rooms:read", "moderator=Rooms:Read"};
  const auto reading = ReadOpenIdRules(config);
  EXPECT_EQ(reading.problems.size(), 11u);
  EXPECT_THAT(reading.rules.groups, IsEmpty());
  EXPECT_THAT(reading.problems[0].ToString(), HasSubstr("auth.openid.grants = \"guest\""));
}

TEST(OpenIdRules, SayWhatIsMissing) {
  Config::Auth::OpenId config{.issuer = "confab", .groups_claim = ""};
  EXPECT_THAT(KeysOf(ReadOpenIdRules(config).problems),
              ElementsAre("auth.openid.issuer", "auth.openid.jwks_url", "auth.openid.audience",
                          "auth.openid.groups_claim", "auth.openid.groups"));
  config = Usable();
  config.jwks_url = "http://id.example.com/jwks";
  EXPECT_THAT(KeysOf(ReadOpenIdRules(config).problems), ElementsAre("auth.openid.jwks_url"));
  config.jwks_url = "http://127.0.0.1:8080/jwks";
  EXPECT_THAT(ReadOpenIdRules(config).problems, IsEmpty());
}

TEST(OpenIdRules, AreOffByDefaultAndNotByHalves) {
  EXPECT_THAT(ReadOpenIdRules({}).problems, IsEmpty());
  EXPECT_FALSE(UsesOpenId({}));
  Config::Auth::OpenId config = Usable();
  config.issuer.clear();
  EXPECT_THAT(KeysOf(ReadOpenIdRules(config).problems), ElementsAre("auth.openid.issuer"));
}

TEST(CheckConfig, LooksAtOpenId) {
  Config config;
  config.auth.openid = Usable();
  EXPECT_THAT(CheckConfig(config), IsEmpty());
  config.auth.openid.audience.clear();
  EXPECT_THAT(KeysOf(CheckConfig(config)), ElementsAre("auth.openid.audience"));
}

TEST(LoadConfig, ReadsOpenIdFromTheEnvironment) {
  ConfigSources sources;
  sources.environment = {{"CONFAB_AUTH_OPENID_ISSUER", "https://id.example.com"},
                         {"CONFAB_AUTH_OPENID_JWKS_URL", "https://id.example.com/jwks"},
                         {"CONFAB_AUTH_OPENID_AUDIENCE", "confab"},
                         {"CONFAB_AUTH_OPENID_GROUPS", "staff=member, *=guest"}};
  const LoadedConfig loaded = LoadConfig(sources);
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_THAT(loaded.config.auth.openid.groups, ElementsAre("staff=member", "*=guest"));
}

}  // namespace
}  // namespace confab::app
