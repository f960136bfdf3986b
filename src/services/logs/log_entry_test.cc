#include "services/logs/log_entry.h"

#include <gmock/gmock.h>

#include "services/logs/entry_json.h"
#include "services/logs/testing/lines.h"
#include "services/logs/utc_time.h"

namespace confab::logs {
namespace {

using ::testing::HasSubstr;
using testing::kStartUs;
using testing::LineAt;
using ::testing::Not;
using testing::Parsed;

TEST(ParseLine, TakesWhatIsSearchedBy) {
  const LogEntry entry = Parsed(LineAt(
      kStartUs + 5, R"(,"room":"tea","participant":"p1","session":"s1","trace":"0af7","n":1)",
      "participant.joined", "error"));
  EXPECT_EQ(entry.damage, Damage::kNone);
  EXPECT_EQ(entry.time_us, kStartUs + 5);
  EXPECT_EQ(entry.level, observe::LogLevel::kError);
  EXPECT_EQ(entry.service, "media");
  EXPECT_EQ(entry.event, "participant.joined");
  EXPECT_EQ(entry.room, "tea");
  EXPECT_EQ(entry.participant, "p1");
  EXPECT_EQ(entry.session, "s1");
  EXPECT_EQ(entry.trace, "0af7");
}

TEST(ParseLine, KeepsWhatIsDamagedAndSaysHow) {
  const struct {
    std::string text;
    Damage damage;
  } cases[] = {
      {R"({"time":"2026-01-31T23:59)", Damage::kTorn},
      {"not json", Damage::kUnreadable},
      {"[1,2]", Damage::kUnreadable},
      {R"({"a":1}{"b":2})", Damage::kUnreadable},
      {"{\"a\":\"\xff\xfe\"}", Damage::kUnreadable},
      {std::string("{\"a\":\"\0\"}", 9), Damage::kBinary},
      {"{\"a\":\"\x1b[2J\"}", Damage::kBinary},
      {std::string(64, '['), Damage::kUnreadable},
  };
  for (const auto& each : cases) {
    const LogEntry entry = Parsed(each.text);
    EXPECT_EQ(entry.damage, each.damage) << each.text;
    EXPECT_EQ(entry.text, each.text);
    EXPECT_EQ(entry.level, observe::LogLevel::kWarning) << "it is worth a look";
  }
}

TEST(ParseLine, KeepsTheBeginningOfAnOversizedLine) {
  const LogEntry entry = ParseLine({.bytes = std::string(kMaxLineBytes, 'x'), .octets = 1'000'000},
                                   nullptr, 0, kStartUs);
  EXPECT_EQ(entry.damage, Damage::kOversized);
  EXPECT_EQ(entry.text.size(), kKeptDamagedBytes);
  EXPECT_EQ(entry.octets, 1'000'000u);
}

TEST(ParseLine, TakesTheTimeOfTheLineBeforeWhereThereIsNone) {
  const auto at = [](std::string text, int64_t before_us) {
    const uint64_t octets = text.size();
    return ParseLine({.bytes = std::move(text), .octets = octets}, nullptr, before_us, kStartUs)
        .time_us;
  };
  EXPECT_EQ(at("damaged", kStartUs - 7), kStartUs - 7);
  EXPECT_EQ(at(R"({"time":"yesterday"})", kStartUs - 7), kStartUs - 7);
  EXPECT_EQ(at("damaged", 0), kStartUs) << "when it was read";
}

TEST(ParseLine, DoesNotBelieveATimeOfTheFuture) {
  EXPECT_EQ(Parsed(LineAt(kStartUs + kMaxAheadUs)).time_us, kStartUs + kMaxAheadUs);
  EXPECT_EQ(Parsed(LineAt(kStartUs + kMaxAheadUs + 1)).time_us, kStartUs);
  EXPECT_EQ(Parsed(R"({"time":"9999-12-31T23:59:59Z"})").time_us, kStartUs);
}

TEST(ParseLine, SurvivesMembersOfEveryType) {
  const LogEntry entry = Parsed(
      R"({"time":7,"level":{},"service":[],"event":null,"room":true,"trace":1e300,"session":""})");
  EXPECT_EQ(entry.damage, Damage::kNone);
  EXPECT_EQ(entry.service, "");
  EXPECT_EQ(entry.level, observe::LogLevel::kWarning);
}

TEST(AppendJson, ShowsALineAsItStands) {
  std::string out;
  AppendJson(out, Parsed(LineAt(kStartUs)));
  EXPECT_EQ(out, R"({"id":"1700000000000000.0","file":"media-m1.jsonl","line":)" +
                     LineAt(kStartUs) + "}");
}

TEST(AppendJson, EscapesWhatIsDamaged) {
  std::string out;
  AppendJson(out, Parsed("\x1b]0;x\x07\"},\xff"));
  EXPECT_THAT(out, HasSubstr(R"("damage":"binary","octets":10,)"));
  EXPECT_THAT(out, HasSubstr(R"("text":"\u001b]0;x\u0007\"},)"));
  EXPECT_THAT(out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(out, Not(HasSubstr("\xff")));
}

TEST(ParseUtc, ReadsWhatTheLoggerWrites) {
  for (const int64_t us : {int64_t{1}, kStartUs, kStartUs + 123'456}) {
    EXPECT_EQ(ParseUtc(observe::FormatUtc(us)), us);
  }
  EXPECT_EQ(ParseUtc("1970-01-01T00:00:01Z"), 1'000'000);
  EXPECT_EQ(ParseUtc("1970-01-01T00:00:01.5Z"), 1'500'000);
}

TEST(ParseUtc, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "Z", "now", "2026-01-31", "2026-01-31T23:59:59", "2026-02-30T00:00:00Z",
        "2026-01-31T24:00:00Z", "2026-01-31T23:60:00Z", "2026-01-31T23:59:59.Z",
        "2026-01-31T23:59:59.1234567Z", "2026-01-31T23:59:59,5Z", "1969-12-31T23:59:59Z",
        "2026-01-31 23:59:59Z", "2026-01-31T23:59:59.12 Z", "２026-01-31T23:59:59Z"}) {
    EXPECT_EQ(ParseUtc(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace confab::logs
