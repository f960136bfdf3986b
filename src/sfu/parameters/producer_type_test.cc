#include "sfu/parameters/producer_type.h"

#include <gtest/gtest.h>

#include "sfu/parameters/browser_parameters_for_test.h"

namespace confab::sfu {
namespace {

RtpParameters Single(const char* mime_type, const char* mode) {
  return {.codecs = {{.mime_type = mime_type}}, .encodings = {{.scalability_mode = mode}}};
}

TEST(ProducerType, FollowsFromEncodingsAndCodec) {
  EXPECT_EQ(TypeOf(testing::OpusProducer()), ProducerType::kSimple);
  EXPECT_EQ(TypeOf(testing::Vp8Producer()), ProducerType::kSimple);
  EXPECT_EQ(TypeOf(testing::SimulcastProducer()), ProducerType::kSimulcast);
  EXPECT_EQ(TypeOf(Single("video/VP9", "")), ProducerType::kSimple);
  EXPECT_EQ(TypeOf(Single("video/VP9", "L1T1")), ProducerType::kSimple);
  EXPECT_EQ(TypeOf(Single("video/vp9", "L3T3_KEY")), ProducerType::kSvc);
  EXPECT_EQ(TypeOf(Single("video/AV1", "L1T3")), ProducerType::kSvc);
  EXPECT_EQ(TypeOf(Single("video/VP8", "L1T3")), ProducerType::kSimulcast);
  EXPECT_EQ(TypeOf(Single("audio/opus", "L1T3")), ProducerType::kSimple);
  EXPECT_EQ(TypeOf({}), ProducerType::kSimple);
}

TEST(ProducerType, HasMediasoupsNames) {
  EXPECT_EQ(ToString(ProducerType::kSimple), "simple");
  EXPECT_EQ(ToString(ProducerType::kSimulcast), "simulcast");
  EXPECT_EQ(ToString(ProducerType::kSvc), "svc");
}

}  // namespace
}  // namespace confab::sfu
