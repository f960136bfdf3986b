#include "services/logs/log_filter.h"

#include <gmock/gmock.h>

#include "base/hashed_name.h"
#include "base/testing/error_of.h"
#include "services/logs/testing/lines.h"

namespace confab::logs {
namespace {

using ::testing::HasSubstr;
using testing::kStartUs;
using testing::LineAt;
using testing::Parsed;

bool Matches(const LogFilter::Parameters& parameters, const LogEntry& entry) {
  const auto filter = LogFilter::Parse(parameters);
  if (!filter) {
    ADD_FAILURE() << filter.error().message;
    return false;
  }
  return filter->Matches(entry);
}

LogEntry Joined() {
  return Parsed(LineAt(kStartUs,
                       R"(,"room":"tea","participant":"p1","session":"s1","trace":"0af7",)"
                       R"("message":"Grüße, \"Ada\"","count":42)",
                       "participant.joined", "warning"));
}

TEST(LogFilter, TakesEveryLineWhereNothingIsAskedFor) {
  EXPECT_TRUE(Matches({}, Joined()));
  EXPECT_TRUE(Matches({{"service", ""}, {"text", "  "}, {"level", ""}}, Joined()));
  EXPECT_TRUE(Matches({}, Parsed("damaged")));
}

TEST(LogFilter, ComparesEachOfItsFields) {
  const LogFilter::Parameters same = {{"service", "media"},       {"event", "participant.joined"},
                                      {"event", "participant.*"}, {"room", "tea"},
                                      {"participant", "p1"},      {"session", "s1"},
                                      {"trace", "0af7"},          {"level", "debug"},
                                      {"level", "warning"},       {"text", "tea"}};
  for (const auto& each : same) EXPECT_TRUE(Matches({each}, Joined())) << each.first;
  EXPECT_TRUE(Matches(same, Joined()));
  const LogFilter::Parameters other = {
      {"service", "gateway"}, {"event", "participant"}, {"event", "room.*"},
      {"room", "te"},         {"participant", "p2"},    {"session", "S1"},
      {"trace", "0af8"},      {"level", "error"},       {"text", "coffee"}};
  for (const auto& each : other) {
    EXPECT_FALSE(Matches({each}, Joined())) << each.first << " " << each.second;
  }
}

TEST(LogFilter, FindsARoomByItsNameThoughLinesHaveItsHash) {
  const std::string hashed = R"(,"room":")" + HashedName("tea") + R"(")";
  const LogEntry entry = Parsed(LineAt(kStartUs, hashed, "room.opened", "info"));
  EXPECT_TRUE(Matches({{"room", "tea"}}, entry));
  EXPECT_TRUE(Matches({{"room", HashedName("tea")}}, entry));
  EXPECT_FALSE(Matches({{"room", "coffee"}}, entry));
  EXPECT_FALSE(Matches({{"room", "tea"}}, Parsed(LineAt(kStartUs, "", "room.opened", "info"))));
}

TEST(LogFilter, TakesALevelAndWhatIsWorse) {
  const std::string levels[] = {"debug", "info", "warning", "error"};
  for (size_t asked = 0; asked < 4; ++asked) {
    for (size_t is = 0; is < 4; ++is) {
      const LogEntry entry = Parsed(LineAt(kStartUs, "", "room.opened", levels[is]));
      EXPECT_EQ(Matches({{"level", levels[asked]}}, entry), is >= asked);
    }
  }
}

TEST(LogFilter, FindsWordsInAnyOrderAndLetters) {
  EXPECT_TRUE(Matches({{"text", "42 TEA"}}, Joined()));
  EXPECT_TRUE(Matches({{"text", "grüße"}}, Joined()));
  EXPECT_FALSE(Matches({{"text", "tea 43"}}, Joined()));
}

TEST(LogFilter, FindsWhatTheLineHasToEscape) {
  EXPECT_TRUE(Matches({{"text", "\"ada\""}}, Joined()));
  EXPECT_TRUE(Matches({{"text", "\x1b[31m"}}, Parsed("\x1b[31mred")));
}

TEST(LogFilter, TakesTheBeginningOfARangeAndNotItsEnd) {
  const std::string now = observe::FormatUtc(kStartUs), later = observe::FormatUtc(kStartUs + 1);
  EXPECT_TRUE(Matches({{"from", now}, {"to", later}}, Joined()));
  EXPECT_FALSE(Matches({{"to", now}}, Joined()));
  EXPECT_FALSE(Matches({{"from", later}}, Joined()));
}

TEST(LogFilter, RefusesWhatItDoesNotKnow) {
  const LogFilter::Parameters wrong = {{"rooom", "tea"},
                                       {"level", "loud"},
                                       {"from", "yesterday"},
                                       {"to", "2026-01-31"},
                                       {"room", std::string(257, 'x')},
                                       {"text", "a b c d e f g h i j k l m n o p q"}};
  for (const auto& each : wrong) {
    const auto filter = LogFilter::Parse({each});
    EXPECT_EQ(ErrorOf(filter).code, ErrorCode::kInvalidMessage) << each.first;
  }
  EXPECT_THAT(ErrorOf(LogFilter::Parse({{"rooom", "tea"}})).message, HasSubstr("participant"));
}

}  // namespace
}  // namespace confab::logs
