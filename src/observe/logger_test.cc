#include "observe/logger.h"

#include <gtest/gtest.h>

#include <set>
#include <type_traits>
#include <vector>

#include "observe/testing/writer_into.h"

namespace confab::observe {
namespace {

using testing::Into;

TEST(Logger, WritesOneJsonObjectALine) {
  std::string out;
  {
    LogWriter writer(Into(out));
    const Logger logger(writer, "signaling", "i1");
    logger.Log(LogLevel::kInfo, LogEvent::kParticipantJoined,
               {.room = "r", .participant = "p", .session = "s", .trace = "t"},
               {{"count", 3}, {"took_us", TimeDelta::Millis(2)}, {"first", true}});
  }
  EXPECT_EQ(out, R"({"time":"2025-12-31T23:59:59.000042Z","level":"info","service":"signaling",)"
                 R"("instance":"i1","event":"participant.joined","room":"r","participant":"p",)"
                 R"("session":"s","trace":"t","count":3,"took_us":2000,"first":true})"
                 "\n");
}

TEST(Logger, TakesFieldsThatWereGatheredBefore) {
  std::string out;
  {
    LogWriter writer(Into(out));
    std::vector<LogField> fields{{"phase", "running"}};
    fields.emplace_back("sent_packets", 7u);
    Logger(writer, "signaling", "i1").Log(LogLevel::kInfo, LogEvent::kClientReport, {}, fields);
  }
  EXPECT_NE(out.find(R"("event":"client.report","phase":"running","sent_packets":7})"),
            std::string::npos)
      << out;
}

TEST(Logger, ShowsPrivateValuesOnlyAsPseudonyms) {
  std::string out;
  {
    LogWriter writer(Into(out));
    const Logger logger(writer, "signaling", "i1");
    logger.Log(LogLevel::kInfo, LogEvent::kParticipantJoined,
               {{"name", Private<std::string>("Ada Lovelace")},
                {"peer", Private(SocketAddress::Ipv4({192, 0, 2, 7}, 1))}});
  }
  EXPECT_EQ(out.find("Ada"), std::string::npos);
  EXPECT_EQ(out.find("192.0.2.7"), std::string::npos);
  EXPECT_NE(out.find(Pseudonym("Ada Lovelace")), std::string::npos);
}

TEST(Logger, DoesNotTakeAnAddressAsItIs) {
  static_assert(!std::is_constructible_v<LogField, std::string_view, SocketAddress>);
  static_assert(std::is_constructible_v<LogField, std::string_view, Private<SocketAddress>>);
}

TEST(Logger, WritesReadableTextForATerminal) {
  std::string out;
  {
    LogWriter writer(Into(out, LogFormat::kText));
    Logger(writer, "media", "i1")
        .Log(LogLevel::kWarning, LogEvent::kWorkerStopped, {.room = "r"}, {{"worker", 0u}});
  }
  EXPECT_EQ(out, "23:59:59.000 warning media     worker.stopped room=\"r\" worker=0\n");
}

TEST(Logger, LeavesOutWhatIsBelowTheLevel) {
  std::string out;
  {
    LogWriter writer(Into(out));
    const Logger logger(writer, "media", "i1");
    EXPECT_FALSE(logger.is_enabled(LogLevel::kDebug));
    logger.Log(LogLevel::kDebug, LogEvent::kHttpRequest, {});
  }
  EXPECT_EQ(out, "");
}

TEST(Logger, WithoutAWriterDiscardsEverything) {
  const Logger logger;
  EXPECT_FALSE(logger.is_enabled(LogLevel::kError));
  logger.Log(LogLevel::kError, LogEvent::kInternalError, {{"x", 1}});
}

TEST(Logger, KeepsItsInstanceForAnotherService) {
  std::string out;
  {
    LogWriter writer(Into(out));
    Logger(writer, "app", "i1").For("media").Log(LogLevel::kInfo, LogEvent::kServiceStarted, {});
  }
  EXPECT_NE(out.find(R"("service":"media","instance":"i1")"), std::string::npos) << out;
}

TEST(LogEvent, HasATextOfItsOwnForEachKind) {
  std::set<std::string_view> seen;
  for (size_t i = 0; i < kLogEventCount; ++i) {
    const auto text = ToString(static_cast<LogEvent>(i));
    EXPECT_NE(text, "unknown");
    EXPECT_TRUE(seen.insert(text).second) << text;
  }
}

}  // namespace
}  // namespace confab::observe
