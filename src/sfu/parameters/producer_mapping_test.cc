#include "sfu/parameters/producer_mapping.h"

#include <gtest/gtest.h>

#include "sfu/parameters/browser_parameters_for_test.h"
#include "sfu/parameters/codec.h"
#include "sfu/parameters/validate.h"

namespace confab::sfu {
namespace {

using enum rtc::MediaKind;
using rtc::PayloadType;
using rtc::Ssrc;

const RtpCapabilities& Router() {
  return RouterRtpCapabilities();
}

TEST(MapProducer, GivesMediaAndRtxTheRoutersPayloadTypes) {
  const auto mapping = MapProducer(kVideo, testing::Vp8Producer(), Router(), Ssrc(1000));
  ASSERT_TRUE(mapping) << mapping.error().message;
  EXPECT_EQ(mapping->payload_types,
            (std::vector<PayloadTypeMapping>{{PayloadType(96), PayloadType(101)},
                                             {PayloadType(97), PayloadType(102)}}));
  EXPECT_EQ(mapping->RouterPayloadType(PayloadType(97)), PayloadType(102));
  EXPECT_EQ(mapping->RouterPayloadType(PayloadType(98)), std::nullopt);
}

TEST(MapProducer, KeepsHowPacketsFindTheirEncoding) {
  const auto single = MapProducer(kVideo, testing::Vp8Producer(), Router(), Ssrc(1000));
  ASSERT_TRUE(single);
  ASSERT_EQ(single->encodings.size(), 1U);
  EXPECT_EQ(single->encodings[0].ssrc, Ssrc(0xcafe0001));
  EXPECT_EQ(single->encodings[0].rtx_ssrc, Ssrc(0xcafe0002));

  const auto layers = MapProducer(kVideo, testing::SimulcastProducer(), Router(), Ssrc(UINT32_MAX));
  ASSERT_TRUE(layers);
  ASSERT_EQ(layers->encodings.size(), 3U);
  EXPECT_EQ(layers->encodings[2].rid, "r2");
  EXPECT_EQ(layers->encodings[2].scalability_mode, "L1T3");
  EXPECT_EQ(layers->encodings[0].mapped_ssrc, Ssrc(UINT32_MAX));
  EXPECT_EQ(layers->encodings[1].mapped_ssrc, Ssrc(1)) << "0 is left out";
}

TEST(MapProducer, RefusesWhatTheRouterDoesNotHave) {
  struct Case {
    const char* what;
    rtc::MediaKind kind;
    RtpParameters parameters;
  };
  RtpParameters unknown = testing::Vp8Producer();
  unknown.codecs[0].mime_type = "video/H265";
  RtpParameters baseline = testing::Vp8Producer();
  baseline.codecs[0].mime_type = "video/H264";
  baseline.codecs[0].parameters = testing::H264("42001f");
  RtpParameters audio_rtx = testing::OpusProducer();
  audio_rtx.codecs.push_back({.mime_type = "audio/rtx",
                              .payload_type = 112,
                              .clock_rate = 48'000,
                              .parameters = {{"apt", "111"}}});
  for (const Case& each :
       {Case{"unknown codec", kVideo, unknown}, Case{"unknown profile", kVideo, baseline},
        Case{"RTX for audio", kAudio, audio_rtx},
        Case{"wrong kind", kAudio, testing::Vp8Producer()}}) {
    const auto mapping = MapProducer(each.kind, each.parameters, Router(), Ssrc(1));
    ASSERT_FALSE(mapping) << each.what;
    EXPECT_EQ(mapping.error().code, ErrorCode::kUnsupportedParameters) << each.what;
  }
}

RtpParameters Consumable(rtc::MediaKind kind, const RtpParameters& parameters) {
  const auto mapping = MapProducer(kind, parameters, Router(), Ssrc(1000));
  EXPECT_TRUE(mapping);
  return ConsumableRtpParameters(kind, parameters, Router(), *mapping);
}

TEST(ConsumableRtpParameters, SpeakTheRoutersNumbersWithTheProducersFormat) {
  const RtpParameters consumable = Consumable(kAudio, testing::OpusProducer());
  ASSERT_EQ(consumable.codecs.size(), 1U);
  EXPECT_EQ(consumable.codecs[0].payload_type, 100);
  EXPECT_EQ(FindSetting(consumable.codecs[0].parameters, "usedtx"), "1");
  ASSERT_EQ(consumable.encodings.size(), 1U);
  EXPECT_EQ(consumable.encodings[0].ssrc, Ssrc(1000));
  EXPECT_TRUE(consumable.encodings[0].dtx);
  EXPECT_EQ(consumable.cname, "9QTkd2vYXqWc8pLm");
}

TEST(ConsumableRtpParameters, OfferRtxEvenWhereTheProducerHasNone) {
  RtpParameters producer = testing::Vp8Producer();
  producer.codecs.pop_back();
  producer.encodings[0].rtx_ssrc.reset();
  const RtpParameters consumable = Consumable(kVideo, producer);
  ASSERT_EQ(consumable.codecs.size(), 2U);
  EXPECT_EQ(consumable.codecs[1].mime_type, "video/rtx");
  EXPECT_EQ(AssociatedPayloadType(consumable.codecs[1].parameters), 101);
}

TEST(ConsumableRtpParameters, ForgetWhatIsBetweenProducerAndRouter) {
  const RtpParameters consumable = Consumable(kVideo, testing::SimulcastProducer());
  EXPECT_EQ(consumable.mid, "");
  ASSERT_EQ(consumable.encodings.size(), 3U);
  for (const RtpEncodingParameters& encoding : consumable.encodings) {
    EXPECT_EQ(encoding.rid, "");
    EXPECT_EQ(encoding.rtx_ssrc, std::nullopt);
    EXPECT_EQ(encoding.codec_payload_type, std::nullopt);
  }
  const rtc::ExtensionMap ids = MapOf(consumable.header_extensions);
  EXPECT_EQ(ids.IdOf(rtc::RtpExtension::kMid), RouterIdOf(rtc::RtpExtension::kMid));
  EXPECT_EQ(ids.IdOf(rtc::RtpExtension::kTransportSequenceNumber),
            RouterIdOf(rtc::RtpExtension::kTransportSequenceNumber));
  EXPECT_EQ(ids.IdOf(rtc::RtpExtension::kRid), 0);
  EXPECT_EQ(ids.IdOf(rtc::RtpExtension::kRepairedRid), 0);
  EXPECT_EQ(ids.IdOf(rtc::RtpExtension::kAbsSendTime), 0);
  EXPECT_EQ(ids.IdOf(rtc::RtpExtension::kAudioLevel), 0) << "audio's";
}

TEST(ConsumableRtpParameters, HaveNoMoreSettingsThanAreAccepted) {
  RtpParameters producer = testing::Vp8Producer();
  producer.codecs[0].mime_type = "video/H264";
  producer.codecs[0].parameters = {{"packetization-mode", "1"}};
  for (size_t i = 1; i < kMaxCodecSettings; ++i) {
    producer.codecs[0].parameters.emplace_back("x" + std::to_string(i), "1");
  }
  ASSERT_TRUE(ValidateRtpParameters(producer));
  const CodecSettings settings = Consumable(kVideo, producer).codecs[0].parameters;
  EXPECT_EQ(settings.size(), kMaxCodecSettings);
  EXPECT_TRUE(FindSetting(settings, "profile-level-id"));
}

TEST(ConsumableRtpParameters, CarryTheAgreedH264Level) {
  RtpParameters producer = testing::Vp8Producer();
  producer.codecs[0].mime_type = "video/H264";
  producer.codecs[0].parameters = {{"packetization-mode", "1"}, {"profile-level-id", "42e02a"}};
  const RtpParameters consumable = Consumable(kVideo, producer);
  EXPECT_EQ(FindSetting(consumable.codecs[0].parameters, "profile-level-id"), "42e01f");

  producer.codecs[0].parameters = {{"packetization-mode", "1"}};
  EXPECT_EQ(FindSetting(Consumable(kVideo, producer).codecs[0].parameters, "profile-level-id"),
            "42e01f");
}

TEST(ConsumableRtpParameters, HaveEachRouterCodecOnce) {
  RtpParameters producer = testing::Vp8Producer();
  producer.codecs.push_back({.mime_type = "video/VP8", .payload_type = 98, .clock_rate = 90'000});
  const RtpParameters consumable = Consumable(kVideo, producer);
  EXPECT_EQ(consumable.codecs.size(), 2U);
}

}  // namespace
}  // namespace confab::sfu
