#include "services/signaling/protocol/error_json.h"

#include "base/parse_error_code.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

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
