#include "services/signaling/protocol/error_json.h"

#include "base/parse_error_code.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>

namespace confab::signaling {
namespace {

TEST(ErrorCodes, AreTheOnesOfTheDocument) {
  std::ifstream file("docs/error-codes.md");
  ASSERT_TRUE(file) << "run from the repository's root";
  std::set<std::string> documented;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `")) continue;
    documented.insert(line.substr(3, line.find('`', 3) - 3));
  }
  std::set<std::string> known;
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    known.emplace(ToString(static_cast<ErrorCode>(i)));
  }
  EXPECT_EQ(documented, known);
}

TEST(ErrorCodes, AreFoundByTheirText) {
  EXPECT_EQ(ParseErrorCode("room_full"), ErrorCode::kRoomFull);
  EXPECT_EQ(ParseErrorCode("internal"), ErrorCode::kInternal);
  EXPECT_EQ(ParseErrorCode(""), std::nullopt);
  EXPECT_EQ(ParseErrorCode("room_ful"), std::nullopt);
}

TEST(ErrorSentence, BeginsWithACapitalLetterAndEndsWithAFullStop) {
  const auto told = [](std::string message) {
    return AsSentence({ErrorCode::kNotJoined, std::move(message)}).message;
  };
  EXPECT_EQ(told("join a room first"), "Join a room first.");
  EXPECT_EQ(told("too many at once; slow down!"), "Too many at once; slow down!");
  EXPECT_EQ(told("The room is full."), "The room is full.");
  EXPECT_EQ(told("full"), "full.");
  EXPECT_EQ(told(""), "");
  EXPECT_EQ(told(" is nothing"), " is nothing.");
}

TEST(ErrorSentence, LeavesTheNamesOfFieldsAsTheyAre) {
  const auto told = [](ErrorCode code, std::string message) {
    return AsSentence({code, std::move(message)}).message;
  };
  EXPECT_EQ(told(ErrorCode::kTransportNotFound, "transportId names no transport of yours"),
            "transportId names no transport of yours.");
  EXPECT_EQ(told(ErrorCode::kInvalidMessage, "name must be valid UTF-8"),
            "name must be valid UTF-8.");
}

TEST(ErrorJson, TellsWhenToTryAgainOnlyWhereThatIsKnown) {
  const Error error{ErrorCode::kRateLimited, "slow down"};
  EXPECT_EQ(ErrorJson(error, "x"),
            (json::object{{"code", "rate_limited"}, {"message", "slow down"}, {"id", "x"}}));
  EXPECT_EQ(ErrorJson(error, "x", TimeDelta::Millis(5))["retry_after_ms"], 5);
}

TEST(ErrorJson, RoundsUpSoThatWhoWaitsIsNotTooEarly) {
  const Error error{ErrorCode::kRateLimited, "slow down"};
  EXPECT_EQ(ErrorJson(error, "x", TimeDelta::Micros(1))["retry_after_ms"], 1);
  EXPECT_EQ(ErrorJson(error, "x", TimeDelta::Micros(4001))["retry_after_ms"], 5);
}

}  // namespace
}  // namespace confab::signaling
