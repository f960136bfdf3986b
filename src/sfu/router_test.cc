#include "sfu/router.h"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "sfu/testing/simulated_call.h"

namespace confab::sfu {
namespace {

using testing::SimulatedCall;

RtpParameters OpusParameters(uint32_t number) {
  RtpParameters parameters;
  parameters.mid = std::to_string(number);
  parameters.codecs = {{.mime_type = "audio/opus",
                        .payload_type = 111,
                        .clock_rate = 48'000,
                        .channels = 2,
                        .parameters = {},
                        .rtcp_feedback = {}}};
  parameters.encodings = {{.ssrc = rtc::Ssrc(number + 1), .rtx_ssrc = {}}};
  return parameters;
}

// A room with two microphones more than are watched.
class RouterSpeakers : public ::testing::Test {
 protected:
  void SetUp() override {
    for (uint32_t i = 0; i < AudioLevelObserver::kMaxProducers + 2; ++i) {
      const std::string transport = std::to_string(i / Transport::kMaxProducers);
      if (i % Transport::kMaxProducers == 0) call_.AddClient(transport);
      const auto producer = call_.router().Produce(call_.now, transport,
                                                   {.id = "microphone" + std::to_string(i),
                                                    .kind = rtc::MediaKind::kAudio,
                                                    .parameters = OpusParameters(i),
                                                    .cname = "participant"});
      ASSERT_TRUE(producer);
      microphones_.push_back(*producer);
    }
  }
  // How many of the last two are shown as speaking when they speak for a second.
  size_t Shown() {
    AudioLevelObserver& speakers = call_.router().speakers();
    const Timestamp end = call_.now + TimeDelta::Seconds(1);
    for (; call_.now < end; call_.now = call_.now + TimeDelta::Millis(20)) {
      for (const Producer* microphone : std::span(microphones_).last(2)) {
        speakers.OnPacket(microphone->key, 10, call_.now);
      }
    }
    (void)speakers.Evaluate(call_.now);
    return speakers.speakers().size();
  }

  SimulatedCall call_;
  std::vector<Producer*> microphones_;
};

TEST_F(RouterSpeakers, GiveTheirPlacesToThoseWhoFoundNone) {
  EXPECT_EQ(Shown(), 0u);
  call_.router().PauseProducer(*microphones_[0]);
  EXPECT_EQ(Shown(), 1u);
  (void)call_.router().CloseProducer(*microphones_[1]);
  EXPECT_EQ(Shown(), 2u);
}

}  // namespace
}  // namespace confab::sfu
