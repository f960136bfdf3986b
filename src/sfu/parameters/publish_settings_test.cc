#include "sfu/parameters/publish_settings.h"

#include <gtest/gtest.h>

#include "sfu/parameters/browser_parameters_for_test.h"

namespace confab::sfu {
namespace {

using Participants = std::vector<RtpCapabilities>;

const RtpCodecCapability* Choose(const Participants& participants) {
  return ChooseVideoCodec(RouterRtpCapabilities(), participants, kDefaultVideoPreference);
}

RtpCapabilities Only(std::initializer_list<const char*> names) {
  RtpCapabilities capabilities;
  for (const char* name : names) capabilities.codecs.push_back(testing::VideoCapability(name, 96));
  return capabilities;
}

TEST(PublishSettings, BeginWithVp8) {
  const PublishSettings settings =
      ChoosePublishSettings(RouterRtpCapabilities(), {}, kDefaultVideoPreference);
  EXPECT_EQ(settings.audio.codec.mime_type, "audio/opus");
  EXPECT_EQ(settings.camera.codec.mime_type, "video/VP8");
  EXPECT_EQ(settings.screen.codec.mime_type, "video/VP8");
  ASSERT_EQ(settings.camera.encodings.size(), 1U);
  EXPECT_GT(settings.camera.encodings[0].max_bitrate_bps, 0U);
  ASSERT_EQ(settings.screen.encodings.size(), 1U);
  EXPECT_GT(settings.screen.encodings[0].max_framerate, 0U);
}

TEST(PublishSettings, TakeTheFirstCodecThatEveryoneDecodes) {
  const RtpCapabilities browser = testing::NativeCapabilities();
  ASSERT_NE(Choose({browser, browser}), nullptr);
  EXPECT_EQ(Choose({browser, browser})->mime_type, "video/VP8");
  EXPECT_EQ(Choose({browser, Only({"AV1", "VP9"})})->mime_type, "video/VP9");
  EXPECT_EQ(Choose({Only({"VP8"}), Only({"AV1"})}), nullptr);
}

TEST(PublishSettings, ChooseAmongTheFormatsOfACodec) {
  RtpCapabilities high;
  high.codecs = {testing::VideoCapability("H264", 96, testing::H264("64001f"))};
  const RtpCodecCapability* chosen = Choose({testing::NativeCapabilities(), high});
  ASSERT_NE(chosen, nullptr);
  EXPECT_EQ(chosen->parameters, testing::H264("64002a"));
}

TEST(PublishSettings, FollowTheRoomsPreference) {
  const std::string_view preference[] = {"video/AV1", "video/VP8"};
  const Participants browsers{testing::NativeCapabilities()};
  EXPECT_EQ(ChooseVideoCodec(RouterRtpCapabilities(), browsers, preference)->mime_type,
            "video/AV1");
}

TEST(PublishSettings, FallBackToTheFirstPreferenceWhereNothingSuitsAll) {
  const Participants apart{Only({"VP8"}), Only({"AV1"})};
  EXPECT_EQ(ChoosePublishSettings(RouterRtpCapabilities(), apart, kDefaultVideoPreference)
                .camera.codec.mime_type,
            "video/VP8");
}

}  // namespace
}  // namespace confab::sfu
