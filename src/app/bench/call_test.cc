#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <limits>

#include "app/bench/call_command.h"
#include "app/bench/call_report.h"
#include "app/bench/process_load.h"

namespace confab::app {
namespace {

using testing::HasSubstr;

TEST(CallBench, RefusesMoreThanOneProcessCanCarryAndSaysWhatToDo) {
  CallBench bench;
  EXPECT_EQ(ProblemOf(bench), "");
  bench.rooms = 100;
  bench.publishers = bench.subscribers = 5;
  EXPECT_EQ(ProblemOf(bench), "");
  bench.subscribers = 6;
  EXPECT_THAT(ProblemOf(bench), HasSubstr("1100 participants are more than the 1000"));
  bench = {.rooms = 2, .publishers = 100, .subscribers = 100};
  EXPECT_THAT(ProblemOf(bench), HasSubstr("40000 consumers are more than the 20000"));
  bench = {.publishers = 0, .subscribers = 1};
  EXPECT_EQ(ProblemOf(bench), "");
  bench.subscribers = 0;
  EXPECT_THAT(ProblemOf(bench), HasSubstr("nobody would be there"));
}

TEST(CallBench, RefusesAShareThatIsNoNumber) {
  CallBench bench;
  for (const double share :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    bench.max_missing_percent = share;
    EXPECT_THAT(ProblemOf(bench), HasSubstr("--max-missing is no number"));
  }
}

TEST(ProcessLoad, ReadsWhatTheKernelSaysBehindTheStrangestName) {
  const auto load =
      ParseProcessLoad("4711 (a) R 9 (x y) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 7 0 1 2 3\n",
                       "Name:\tconfab\nVmHWM:\t  9 kB\nVmRSS:\t   123456 kB\nThreads:\t7\n", 100);
  ASSERT_TRUE(load);
  EXPECT_EQ(load->cpu, TimeDelta::Seconds(2));
  EXPECT_EQ(load->resident_kb, 123'456u);
}

TEST(ProcessLoad, SaysNothingOfWhatIsNotThere) {
  EXPECT_FALSE(ParseProcessLoad("", "", 100));
  EXPECT_FALSE(ParseProcessLoad("1 (x) S 1 2", "VmRSS: 5 kB", 100));
  EXPECT_FALSE(ParseProcessLoad("1 (x) S 1 2 3 4 5 6 7 8 9 10 1 1 0", "Threads: 7", 100));
  EXPECT_TRUE(ReadProcessLoad(getpid()));
  EXPECT_FALSE(ReadProcessLoad(0));
}

CallReport Report() {
  CallFigures one;
  one.name = "call-1";
  one.publishers = 1;
  one.subscribers = 2;
  one.sent.video_packets = 80;
  one.sent.audio_packets = 20;
  one.received.streams = 4;
  one.received.video.packets = 150;
  one.received.video.missing = 2;
  one.received.video.recovered = 3;
  one.received.audio.packets = 48;
  one.measured_octets = 250'000;
  one.stopped_streams = 1;
  one.sound_gaps = {TimeDelta::Millis(300)};
  CallFigures other = one;
  other.name = "call-2";
  other.received.video.missing = 0;
  CallReport report;
  report.measured = TimeDelta::Seconds(2);
  report.rooms = {one, other};
  return report;
}

TEST(CallReport, AddsTheRooms) {
  const boost::json::object json = ToJson(Report());
  const boost::json::object& all = json.at("all").as_object();
  EXPECT_EQ(all.at("packetsSent"), 200);
  EXPECT_EQ(all.at("packetsReceived"), 396);
  EXPECT_EQ(all.at("packetsMissing"), 2);
  EXPECT_EQ(all.at("packetsRecovered"), 6);
  EXPECT_EQ(all.at("consumers"), 8);
  EXPECT_EQ(all.at("stoppedConsumers"), 2);
  EXPECT_EQ(all.at("soundGapsMs"), boost::json::array({300, 300}));
  EXPECT_DOUBLE_EQ(all.at("megabitsPerSecond").as_double(), 2.0);
  EXPECT_EQ(json.at("rooms").at(1).at("name"), "call-2");
  EXPECT_EQ(json.at("rooms").at(1).at("packetsMissing"), 0);
  EXPECT_FALSE(json.contains("server"));
  EXPECT_NEAR(Report().Sum().missing_percent(), 0.5025, 0.0001);
}

TEST(CallReport, SharesTheServersCostAmongThoseWhoAreThere) {
  CallReport report = Report();
  report.server = ServerLoad{.before = {TimeDelta::Seconds(1), 1000},
                             .begin = {TimeDelta::Seconds(3), 5000},
                             .end = {TimeDelta::Seconds(4), 7000}};
  const boost::json::value server = ToJson(report).at("server");
  EXPECT_DOUBLE_EQ(server.at("cpuPercent").as_double(), 50.0);
  EXPECT_DOUBLE_EQ(server.at("cpuMsPerConsumerSecond").as_double(), 62.5);
  EXPECT_DOUBLE_EQ(server.at("joiningCpuSeconds").as_double(), 2.0);
  EXPECT_DOUBLE_EQ(server.at("kbPerParticipant").as_double(), 1000.0);
  EXPECT_DOUBLE_EQ(server.at("kbPerConsumer").as_double(), 750.0);
  EXPECT_THAT(ToTable(report), HasSubstr("the server used 50.0 % of a core"));
}

TEST(CallReport, OfNothingDividesByNothing) {
  EXPECT_EQ(CallReport().Sum().missing_percent(), 0.0);
  EXPECT_THAT(ToTable(CallReport()), HasSubstr("0 consumers"));
}

}  // namespace
}  // namespace confab::app
