#include "sfu/parameters/matching.h"

#include <gtest/gtest.h>

#include "sfu/parameters/browser_parameters_for_test.h"

namespace confab::sfu {
namespace {

bool Match(const char* mime_type, CodecSettings a, CodecSettings b) {
  const RtpCodecParameters ours{
      .mime_type = mime_type, .clock_rate = 90'000, .parameters = std::move(a)};
  const RtpCodecCapability theirs{
      .mime_type = mime_type, .clock_rate = 90'000, .parameters = std::move(b)};
  const bool forward = MatchCodecs(ViewOf(ours), ViewOf(theirs));
  EXPECT_EQ(forward, MatchCodecs(ViewOf(theirs), ViewOf(ours))) << "not symmetric";
  return forward;
}

TEST(MatchCodecs, ComparesTypeWithoutCaseRateAndChannels) {
  const RtpCodecParameters opus{.mime_type = "audio/opus", .clock_rate = 48'000, .channels = 2};
  RtpCodecCapability other{.mime_type = "AUDIO/Opus", .clock_rate = 48'000, .channels = 2};
  EXPECT_TRUE(MatchCodecs(ViewOf(opus), ViewOf(other)));
  other.channels.reset();
  EXPECT_FALSE(MatchCodecs(ViewOf(opus), ViewOf(other)));
  other.channels = 2;
  other.clock_rate = 16'000;
  EXPECT_FALSE(MatchCodecs(ViewOf(opus), ViewOf(other)));
  other.clock_rate = 48'000;
  other.mime_type = "audio/opus2";
  EXPECT_FALSE(MatchCodecs(ViewOf(opus), ViewOf(other)));
}

TEST(MatchCodecs, HoldsEachFormatToItsRules) {
  struct Case {
    const char* mime_type;
    CodecSettings a;
    CodecSettings b;
    bool match;
  };
  const Case cases[] = {
      {"video/VP8", {{"x", "1"}}, {{"x", "2"}}, true},
      {"video/H264", testing::H264("42e01f"), testing::H264("42e02a"), true},
      {"video/H264", testing::H264("42e01f"), testing::H264("42001f"), false},
      {"video/H264", testing::H264("42e01f"), testing::H264("42e01f", "0"), false},
      {"video/H264", testing::H264("42e01f", "0"), {{"profile-level-id", "42e01f"}}, true},
      {"video/H264", testing::H264("42e01f", "x"), testing::H264("42e01f", "x"), false},
      {"video/H264", testing::H264("zzzzzz"), testing::H264("zzzzzz"), false},
      {"video/h264", {}, {}, true},
      {"video/VP9", {{"profile-id", "0"}}, {}, true},
      {"video/VP9", {{"profile-id", "2"}}, {{"profile-id", "2"}}, true},
      {"video/VP9", {{"profile-id", "2"}}, {}, false},
      {"video/vp9", {{"profile-id", "z"}}, {{"profile-id", "z"}}, false},
      {"video/AV1", {}, {{"profile", "0"}, {"level-idx", "5"}, {"tier", "0"}}, true},
      {"video/AV1", {{"level-idx", "19"}}, {{"level-idx", "5"}, {"tier", "1"}}, true},
      {"video/AV1", {{"profile", "1"}}, {}, false},
      {"video/AV1", {{"level-idx", "32"}}, {}, false},
      {"video/AV1", {{"tier", "2"}}, {}, false},
      {"video/AV1", {{"tier", "-"}}, {}, false},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(Match(each.mime_type, each.a, each.b), each.match)
        << each.mime_type << " case " << &each - cases;
  }
}

TEST(MatchCodecs, TellsMultiChannelLayoutsApart) {
  const CodecSettings surround{{"num_streams", "4"}, {"coupled_streams", "2"}};
  const CodecSettings quad{{"num_streams", "2"}, {"coupled_streams", "2"}};
  EXPECT_TRUE(Match("audio/multiopus", surround, surround));
  EXPECT_FALSE(Match("audio/multiopus", surround, quad));
  EXPECT_FALSE(Match("audio/multiopus", surround, {{"num_streams", "4"}}));
}

TEST(CommonFeedback, KeepsWhatBothKnowInTheFirstOnesOrder) {
  const std::vector<RtcpFeedback> ours{{"nack", ""}, {"nack", "pli"}, {"ccm", "fir"}};
  const std::vector<RtcpFeedback> theirs{{"ccm", "fir"}, {"goog-remb", ""}, {"nack", "pli"}};
  EXPECT_EQ(CommonFeedback(ours, theirs),
            (std::vector<RtcpFeedback>{{"nack", "pli"}, {"ccm", "fir"}}));
}

}  // namespace
}  // namespace confab::sfu
