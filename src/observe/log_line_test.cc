#include "observe/log_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "observe/json_line.h"
#include "observe/testing/writer_into.h"

namespace confab::observe {
namespace {

using ::testing::EndsWith, ::testing::HasSubstr, ::testing::Not;
using testing::kNow;

LogLine Line(const LogScope& scope, std::span<const LogField> fields) {
  return {.unix_us = kNow,
          .service = "media",
          .instance = "i1",
          .event = LogEvent::kWorkerStarted,
          .scope = scope,
          .fields = fields};
}

TEST(LogLine, CutsATextThatDoesNotFitAndSaysSo) {
  const LogScope scope;
  for (const std::string& piece : {std::string("a"), std::string("\x01"), std::string("é"),
                                   std::string("\xff"), std::string("🌱"), std::string("\"")}) {
    std::string text;
    while (text.size() < (1 << 20)) text += piece;
    const LogField fields[] = {{"message", text}, {"after", 7}};
    const std::string json = ToJson(Line(scope, fields));
    EXPECT_LE(json.size(), kMaxLogLineSize);
    EXPECT_GT(json.size(), kMaxLogLineSize - 100);
    EXPECT_THAT(json, EndsWith(R"(","cut":true})"));
    EXPECT_LE(ToText(Line(scope, fields)).size(), kMaxLogLineSize);
  }
}

TEST(LogLine, LeavesOutFieldsForWhichThereIsNoRoom) {
  const LogScope scope;
  const std::string key(200, 'k');
  std::vector<LogField> fields;
  for (int i = 0; i < 200; ++i) fields.emplace_back(key, i);
  const std::string json = ToJson(Line(scope, fields));
  EXPECT_LE(json.size(), kMaxLogLineSize);
  EXPECT_THAT(json, EndsWith(R"(,"cut":true})"));
}

TEST(LogLine, IsNotMarkedWhereEverythingFits) {
  const LogScope scope;
  const LogField fields[] = {{"message", std::string(16'000, 'x')}};
  const std::string json = ToJson(Line(scope, fields));
  EXPECT_LE(json.size(), kMaxLogLineSize);
  EXPECT_THAT(json, Not(HasSubstr("\"cut\"")));
}

TEST(FitJsonString, EndsWithAWholeCharacter) {
  EXPECT_EQ(FitJsonString("abc", 3), "abc");
  EXPECT_EQ(FitJsonString("abc", 2), "ab");
  EXPECT_EQ(FitJsonString("aé", 2), "a");
  EXPECT_EQ(FitJsonString("a\n", 2), "a");
  EXPECT_EQ(FitJsonString("a\n", 3), "a\n");
  EXPECT_EQ(FitJsonString("abc", 0), "");
}

}  // namespace
}  // namespace confab::observe
