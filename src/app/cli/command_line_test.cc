#include "app/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace confab::app {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

CommandLine Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "confab");
  return ParseCommandLine(static_cast<int>(arguments.size()), arguments.data());
}

TEST(CommandLine, ServesWithItsFlags) {
  const CommandLine line =
      Parse({"serve", "--port", "4100", "--https", "--announce", "192.0.2.1", "192.0.2.2"});
  EXPECT_EQ(line.command, Command::kServe);
  const LoadedConfig loaded = LoadConfig(line.sources);
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.config.gateway.port, 4100);
  EXPECT_TRUE(loaded.config.gateway.https);
  EXPECT_EQ(loaded.config.media.announce.size(), 2u);
}

TEST(CommandLine, TakesTheLastOfARepeatedFlag) {
  const LoadedConfig loaded =
      LoadConfig(Parse({"serve", "--port", "4100", "--port", "4200"}).sources);
  EXPECT_EQ(loaded.config.gateway.port, 4200);
}

TEST(CommandLine, LeavesValuesToTheConfigurationsOwnChecks) {
  const CommandLine line = Parse({"config", "check", "--port", "x"});
  EXPECT_EQ(line.command, Command::kConfigCheck);
  const LoadedConfig loaded = LoadConfig(line.sources);
  ASSERT_EQ(loaded.problems.size(), 1u);
  EXPECT_THAT(loaded.problems[0].ToString(), HasSubstr("gateway.port = \"x\" (flag --port)"));
}

TEST(CommandLine, SetsNothingThatWasNotSaid) {
  const CommandLine line = Parse({"serve"});
  EXPECT_THAT(line.sources.flags, IsEmpty());
  EXPECT_EQ(line.sources.file, "");
}

TEST(CommandLine, ReadsTheNameOfAFile) {
  EXPECT_EQ(Parse({"config", "print", "--config", "c.toml"}).sources.file, "c.toml");
}

TEST(CommandLine, ReadsWhatToPlayAndWhomToRecord) {
  const CommandLine play = Parse({"rtp", "play", "http://a:1", "room", "film.mp4", "--loop"});
  EXPECT_EQ(play.command, Command::kRtpPlay) << play.text;
  EXPECT_EQ(play.rtp.file, "film.mp4");
  EXPECT_TRUE(play.rtp.loop);
  const CommandLine record =
      Parse({"rtp", "record", "http://a:1", "room", "Ann", "ann.mkv", "--ip", "192.0.2.1"});
  EXPECT_EQ(record.command, Command::kRtpRecord) << record.text;
  EXPECT_EQ(record.rtp.participant, "Ann");
  EXPECT_EQ(record.rtp.file, "ann.mkv");
  EXPECT_EQ(record.rtp.ip, "192.0.2.1");
  EXPECT_THAT(Parse({"rtp", "record", "http://a:1", "room"}).text, HasSubstr("participant"));
}

TEST(CommandLine, ReadsABenchCall) {
  const CommandLine line =
      Parse({"bench", "call", "http://127.0.0.1:4000", "--clip", "/dev/null", "--rooms", "2",
             "--publishers", "3", "--subscribers", "4", "--max-missing", "1.5"});
  EXPECT_EQ(line.command, Command::kBenchCall) << line.text;
  EXPECT_EQ(line.call.url, "http://127.0.0.1:4000");
  EXPECT_EQ(line.call.participants(), 14u);
  EXPECT_EQ(line.call.consumers(), 48u);
  EXPECT_EQ(line.call.max_missing_percent, 1.5);
  EXPECT_EQ(Parse({"bench", "call", "http://x", "--clip", "/dev/null", "--rooms", "101"}).status,
            2);
}

TEST(CommandLine, RefusesWhatItDoesNotKnow) {
  for (const auto& arguments : std::vector<std::vector<const char*>>{
           {"fly"}, {"serve", "--fly"}, {"config"}, {"serve", "--port"}}) {
    const CommandLine line = Parse(arguments);
    EXPECT_EQ(line.command, Command::kNothing) << arguments.back();
    EXPECT_EQ(line.status, 2) << arguments.back();
    EXPECT_NE(line.text, "") << arguments.back();
  }
}

TEST(CommandLine, HelpsWhereNothingIsAsked) {
  for (const auto& arguments :
       std::vector<std::vector<const char*>>{{}, {"help"}, {"--help"}, {"-h"}}) {
    const CommandLine line = Parse(arguments);
    EXPECT_EQ(line.command, Command::kNothing);
    EXPECT_EQ(line.status, 0);
    EXPECT_THAT(line.text, HasSubstr("serve"));
  }
}

}  // namespace
}  // namespace confab::app
