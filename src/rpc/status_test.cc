#include "rpc/status.h"

#include <gtest/gtest.h>

namespace confab::rpc {
namespace {

constexpr std::string_view kWho = "the media service";

TEST(Status, CarriesEveryErrorThereAndBack) {
  for (uint8_t i = 0; i <= static_cast<uint8_t>(ErrorCode::kInternal); ++i) {
    const Error error{static_cast<ErrorCode>(i), "what: happened"};
    EXPECT_EQ(ToError(ToStatus(error), kWho, ErrorCode::kUnavailable), error);
    EXPECT_FALSE(ToStatus(error).ok());
  }
}

TEST(Status, OfGrpcItselfNamesTheServiceThatIsAway) {
  const Error error = ToError({grpc::StatusCode::UNAVAILABLE, "failed to connect"}, kWho,
                              ErrorCode::kMediaUnavailable);
  EXPECT_EQ(error.code, ErrorCode::kMediaUnavailable);
  EXPECT_EQ(error.message, "the media service does not answer; try again in a moment");
}

TEST(Status, OfAnUnknownKindIsInternalAndKeepsItsWords) {
  const Error error =
      ToError({grpc::StatusCode::DATA_LOSS, "odd: thing"}, kWho, ErrorCode::kUnavailable);
  EXPECT_EQ(error.code, ErrorCode::kInternal);
  EXPECT_NE(error.message.find("odd: thing"), std::string::npos);
}

}  // namespace
}  // namespace confab::rpc
