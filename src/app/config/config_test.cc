#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/config/config_load.h"
#include "app/config/config_text.h"
#include "services/gateway/origins.h"

namespace confab::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A file in the tests' temporary folder, gone at the end.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view text)
      : path_(std::filesystem::path(testing::TempDir()) /
              (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) +
               ".toml")) {
    std::ofstream(path_) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

LoadedConfig LoadText(std::string_view toml) {
  const TemporaryFile file(toml);
  return LoadConfig({.file = file.path()});
}

std::string OnlyProblem(const LoadedConfig& loaded) {
  return loaded.problems.size() == 1 ? loaded.problems[0].ToString()
                                     : fmt::format("{} problems", loaded.problems.size());
}

TEST(LoadConfig, TakesTheDefaultsWhereNothingIsSaid) {
  const LoadedConfig loaded = LoadConfig({});
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.config.gateway.port, 4000);
  EXPECT_EQ(loaded.config.media.port, 40'000);
}

TEST(LoadConfig, ReadsEveryKindOfKeyFromAFile) {
  const LoadedConfig loaded = LoadText(
      "data_dir = 'd'\n[gateway]\nport = 8080\nhttps = true\n[media]\nannounce = ['192.0.2.1', "
      "'2001:db8::1']\n[signaling]\ngrace_ms = 2500\n");
  EXPECT_EQ(loaded.problems.size(), 0u) << OnlyProblem(loaded);
  EXPECT_EQ(loaded.config.data_dir, "d");
  EXPECT_EQ(loaded.config.gateway.port, 8080);
  EXPECT_TRUE(loaded.config.gateway.https);
  EXPECT_THAT(loaded.config.media.announce, ElementsAre("192.0.2.1", "2001:db8::1"));
  EXPECT_EQ(loaded.config.signaling.grace, TimeDelta::Millis(2500));
}

TEST(LoadConfig, LetsTheEnvironmentBeatTheFileAndFlagsBeatBoth) {
  const TemporaryFile file("[gateway]\nport = 1001\n[media]\nport = 1002\nworkers = 3\n");
  const LoadedConfig loaded =
      LoadConfig({.file = file.path(),
                  .environment = {{"CONFAB_GATEWAY_PORT", "2001"}, {"CONFAB_MEDIA_PORT", "2002"}},
                  .flags = {{"gateway.port", std::string("3001")}}});
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.config.gateway.port, 3001);
  EXPECT_EQ(loaded.config.media.port, 2002);
  EXPECT_EQ(loaded.config.media.workers, 3);
}

TEST(LoadConfig, SplitsAListFromTheEnvironment) {
  const LoadedConfig loaded =
      LoadConfig({.environment = {{"CONFAB_MEDIA_ANNOUNCE", "192.0.2.1, 192.0.2.2,"}}});
  EXPECT_THAT(loaded.config.media.announce, ElementsAre("192.0.2.1", "192.0.2.2"));
}

TEST(LoadConfig, NamesKeyValuePlaceAndFixOfAWrongType) {
  const TemporaryFile file("[gateway]\nport = 'x'\n");
  EXPECT_EQ(OnlyProblem(LoadConfig({.file = file.path()})),
            "gateway.port = \"x\" (" + file.path() +
                ", line 2) cannot be used: give a whole number from 1 to 65535.");
}

TEST(LoadConfig, DoesNotTakeTextForANumberInAFile) {
  EXPECT_EQ(LoadText("[gateway]\nport = '4000'\n").problems.size(), 1u);
  EXPECT_EQ(LoadText("[gateway]\nhttps = 'true'\n").problems.size(), 1u);
  EXPECT_EQ(LoadText("[gateway]\nport = 4000.0\n").problems.size(), 1u);
  EXPECT_EQ(LoadText("[media]\nannounce = '192.0.2.1'\n").problems.size(), 1u);
}

TEST(LoadConfig, RefusesNumbersOutOfRange) {
  for (const char* port : {"0", "65536", "-1", "99999999999999999999", "", "80x", " 80"}) {
    const LoadedConfig loaded = LoadConfig({.environment = {{"CONFAB_GATEWAY_PORT", port}}});
    EXPECT_THAT(OnlyProblem(loaded), HasSubstr("environment variable CONFAB_GATEWAY_PORT")) << port;
    EXPECT_EQ(loaded.config.gateway.port, 4000) << port;
  }
}

TEST(LoadConfig, SuggestsTheKeyThatWasMeant) {
  EXPECT_THAT(OnlyProblem(LoadText("[gateway]\nprot = 1\n")),
              HasSubstr("there is no such key; gateway.port is probably meant"));
  EXPECT_THAT(OnlyProblem(LoadText("[gatway]\nport = 1\n")), HasSubstr("gateway.port is probably"));
  EXPECT_THAT(OnlyProblem(LoadConfig({.environment = {{"CONFAB_MEDIA_WORKER", "2"}}})),
              HasSubstr("CONFAB_MEDIA_WORKERS is probably meant"));
}

TEST(LoadConfig, ShowsNoSecretThatStandsInTheWrongPlace) {
  EXPECT_EQ(OnlyProblem(LoadConfig({.environment = {{"CONFAB_STORE_PASSWORD", "hunter2"}}})),
            "store_password = \"…\" (environment variable CONFAB_STORE_PASSWORD) cannot be used: "
            "there is no such key; CONFAB_STORE_PASSWORD_FILE is probably meant.");
  for (const char* file :
       {"[turn]\nsecret = 'hunter2'\n", "password = 'hunter2'\n", "[turn]\nsecrets = ['hunter2']\n",
        "[turn]\nsecret = 123789\n", "[store]\nurl = ['postgresql://h/d?password=hunter2']\n",
        "[bus]\nredis_url = ['redis://u:hunter2@h']\n"}) {
    const std::string problem = OnlyProblem(LoadText(file));
    EXPECT_THAT(problem, HasSubstr(" = \"…\" (")) << file;
    EXPECT_THAT(problem, Not(HasSubstr("hunter2"))) << file;
    EXPECT_THAT(problem, Not(HasSubstr("123789"))) << file;
  }
}

TEST(LoadConfig, LeavesVariablesOfOthersAlone) {
  EXPECT_THAT(LoadConfig({.environment = {{"CONFAB_JOBS", "2"}, {"HOME", "x"}}}).problems,
              IsEmpty());
}

TEST(LoadConfig, SaysWhereAFileIsNotToml) {
  const std::string problem = OnlyProblem(LoadText("[gateway]\nport = = 1\n"));
  EXPECT_THAT(problem, HasSubstr("line 2"));
  EXPECT_THAT(problem, HasSubstr("not TOML"));
}

TEST(LoadConfig, SaysThatAFileIsMissing) {
  EXPECT_THAT(OnlyProblem(LoadConfig({.file = "no-such-file.toml"})),
              HasSubstr("no-such-file.toml"));
}

TEST(LoadConfig, ReportsEveryProblemAtOnce) {
  EXPECT_EQ(LoadText("x = 1\n[gateway]\nport = 0\n[log]\nlevel = 'loud'\n").problems.size(), 3u);
}

TEST(LoadConfig, TakesOnlyTheNamedChoices) {
  for (const char* level : {"", "inf", "debug|info", "Info"}) {
    const LoadedConfig loaded = LoadConfig({.flags = {{"log.level", std::string(level)}}});
    EXPECT_THAT(OnlyProblem(loaded), HasSubstr("one of: debug, info, warning, error")) << level;
  }
}

TEST(CheckConfig, WantsACertificateAndItsKeyTogether) {
  Config config;
  config.gateway.certificate = "c.pem";
  ASSERT_EQ(CheckConfig(config).size(), 1u);
  EXPECT_EQ(CheckConfig(config)[0].key, "gateway.key");
  config.gateway.key = "k.pem";
  EXPECT_THAT(CheckConfig(config), IsEmpty());
}

TEST(CheckConfig, WantsAddressesWhereAddressesBelong) {
  Config config;
  config.media.announce = {"203.0.113.7", "example.org"};
  config.gateway.address = "localhost";
  const auto problems = CheckConfig(config);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_THAT(problems[0].ToString(), HasSubstr("gateway.address = \"localhost\""));
  EXPECT_THAT(problems[1].ToString(), HasSubstr("\"example.org\""));
}

TEST(CheckConfig, WantsProfilesOfSrtpByTheirNames) {
  Config config;
  config.media.srtp_profiles = {"AES_CM_128_HMAC_SHA1_80", "AES_128"};
  auto problems = CheckConfig(config);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0].ToString(), HasSubstr("\"AES_128\""));
  EXPECT_THAT(problems[0].ToString(), HasSubstr("AEAD_AES_128_GCM, AEAD_AES_256_GCM, AES_CM"));
  config.media.srtp_profiles = {};
  problems = CheckConfig(config);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0].ToString(), HasSubstr("give one or more of AEAD_AES_128_GCM"));
}

TEST(CheckConfig, WantsRoomForThePortOfEachWorker) {
  Config config;
  config.media.port = 65'535;
  EXPECT_THAT(CheckConfig(config), IsEmpty());
  config.media.workers = 2;
  EXPECT_EQ(CheckConfig(config).size(), 1u);
}

TEST(CheckConfig, WantsNetworksForPlainRtpAndAPairOfPorts) {
  Config config;
  config.media.plain_rtp_networks = {"127.0.0.0/8", "fd00::/8", "192.0.2.7", "10.1.2.3/8", "lan"};
  auto problems = CheckConfig(config);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_THAT(problems[0].ToString(), HasSubstr("media.plain_rtp_networks = \"10.1.2.3/8\""));
  EXPECT_THAT(problems[1].ToString(), HasSubstr("\"lan\""));
  config = {};
  config.media.plain_rtp_first_port = 41'001;
  config.media.plain_rtp_last_port = 41'003;
  EXPECT_THAT(CheckConfig(config), IsEmpty());
  config.media.plain_rtp_last_port = 41'002;
  problems = CheckConfig(config);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].key, "media.plain_rtp_last_port");
}

TEST(CheckConfig, WantsInstancesInTheListsOfDiscovery) {
  Config config;
  config.discovery.gateways = {"g1=10.0.0.1:4000/0"};
  config.discovery.signaling = {"s1=10.0.0.2:5000/5001@eu-north", "s1=10.0.0.3:5000/5001"};
  config.discovery.media = {"m1"};
  const auto problems = CheckConfig(config);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems[0].key, "discovery.signaling");
  EXPECT_THAT(problems[0].ToString(), HasSubstr("its id is another one's"));
  EXPECT_EQ(problems[1].key, "discovery.media");
  EXPECT_THAT(problems[1].ToString(), HasSubstr("write ID=HOST:HTTP_PORT/GRPC_PORT"));
}

TEST(CheckConfig, WantsAUrlOfConsulAnIdAndARegionThatOthersCanUse) {
  Config config;
  config.discovery.consul_url = "127.0.0.1:8500";
  config.instance.id = "a.b";
  config.instance.region = "EU";
  const auto problems = CheckConfig(config);
  ASSERT_EQ(problems.size(), 3u);
  EXPECT_EQ(problems[0].key, "discovery.consul_url");
  EXPECT_EQ(problems[1].key, "instance.id");
  EXPECT_EQ(problems[2].key, "instance.region");
}

TEST(CheckConfig, ShowsNoPasswordOfAUrl) {
  for (const char* url : {"http://user:hunter2@127.0.0.1:8500", "user:hunter2@127.0.0.1:8500",
                          "ftp://hunter2@127.0.0.1"}) {
    Config config;
    config.discovery.consul_url = url;
    config.auth.openid.issuer = url;
    config.auth.openid.jwks_url = url;
    config.gateway.address = url;
    config.gateway.origins = {url};
    std::string all;
    for (const ConfigProblem& problem : CheckConfig(config)) all += problem.ToString() + '\n';
    EXPECT_THAT(all, HasSubstr("discovery.consul_url = \"…\"")) << url;
    EXPECT_THAT(all, Not(HasSubstr("hunter2"))) << url;
  }
}

TEST(CheckConfig, ShowsARegionBehindAnAddress) {
  Config config;
  config.discovery.media = {"m1=10.0.0.6:6000/50051/1@eu"};
  ASSERT_EQ(CheckConfig(config).size(), 1u);
  EXPECT_THAT(CheckConfig(config)[0].ToString(), HasSubstr("[\"m1=10.0.0.6:6000/50051/1@eu\"]"));
}

TEST(CheckConfig, WantsNetworksForTrustedProxies) {
  Config config;
  config.gateway.trusted_proxies = {"127.0.0.1", "10.1.0.0/16", "nginx.example"};
  const auto problems = CheckConfig(config);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0].ToString(), HasSubstr("gateway.trusted_proxies = \"nginx.example\""));
}

TEST(CheckConfig, WantsTurnServersAndTheSecretThatTheyKnow) {
  Config config;
  config.turn.secret_file = "turn-secret";
  config.turn.servers = {"eu=turn:a.example:3478 turns:a.example", "a.example:3478",
                         "turn:user:hunter2@a.example"};
  auto problems = CheckConfig(config);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_THAT(problems[0].ToString(), HasSubstr("turn.servers = \"a.example:3478\" (conf"));
  EXPECT_THAT(problems[0].ToString(), HasSubstr("such as turn:turn.example.org:3478"));
  EXPECT_THAT(problems[1].ToString(), Not(HasSubstr("hunter2")));
  config.turn = {.servers = {"turn:a.example"}};
  problems = CheckConfig(config);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].key, "turn.secret_file");
  config.turn.servers = {};
  EXPECT_THAT(CheckConfig(config), IsEmpty());
}

TEST(CheckConfig, WantsOriginsAsBrowsersWriteThem) {
  Config config;
  config.gateway.origins = {"https://app.example", "*", "https://app.example/"};
  const auto problems = CheckConfig(config);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0].ToString(), HasSubstr("gateway.origins = \"https://app.example/\""));
  config.gateway.origins.assign(gateway::Origins::kMaxListed + 1, "https://app.example");
  EXPECT_THAT(CheckConfig(config)[0].ToString(), HasSubstr("list at most 64"));
}

TEST(CheckConfig, KeepsPlainTextBetweenServicesOnThisMachine) {
  Config config;
  config.media.grpc_address = "0.0.0.0";
  config.signaling.address = "192.0.2.1";
  const auto problems = CheckConfig(config);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems[0].key, "signaling.address");
  EXPECT_EQ(problems[1].key, "media.grpc_address");
  EXPECT_THAT(problems[1].ToString(), HasSubstr("rpc.insecure = true"));
  config.rpc.insecure = true;
  EXPECT_TRUE(CheckConfig(config).empty());
  config.rpc = {.certificate = "c", .key = "k", .ca = "a"};
  EXPECT_TRUE(CheckConfig(config).empty());
}

TEST(CheckConfig, WantsAllThreeFilesOfTlsBetweenServices) {
  Config config;
  config.rpc.certificate = "c";
  config.rpc.ca = "a";
  const auto problems = CheckConfig(config);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].key, "rpc.key");
  Config mutual;
  mutual.rpc.client_certificates = "required";
  ASSERT_EQ(CheckConfig(mutual).size(), 1u);
  EXPECT_EQ(CheckConfig(mutual)[0].key, "rpc.client_certificates");
}

TEST(CheckConfig, WantsAddressesForServices) {
  Config config;
  config.signaling.address = "auto";
  ASSERT_EQ(CheckConfig(config).size(), 1u);
  EXPECT_EQ(CheckConfig(config)[0].key, "signaling.address");
}

TEST(ConfigAsToml, IsReadBackAsTheSameConfiguration) {
  Config config;
  config.gateway.port = 4321;
  config.data_dir = "a \"quoted\" \\ path";
  config.media.announce = {"192.0.2.1"};
  const std::string text = ConfigAsToml(config);
  const LoadedConfig loaded = LoadText(text);
  EXPECT_EQ(loaded.problems.size(), 0u) << OnlyProblem(loaded);
  EXPECT_EQ(ConfigAsToml(loaded.config), text);
  EXPECT_NE(text, ConfigAsToml(Config()));
}

TEST(ConfigKeys, HaveDefaultsThatTheyAccept) {
  const LoadedConfig loaded = LoadText(ConfigAsToml(Config()));
  EXPECT_EQ(loaded.problems.size(), 0u) << OnlyProblem(loaded);
}

}  // namespace
}  // namespace confab::app
