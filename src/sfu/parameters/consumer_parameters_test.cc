#include "sfu/parameters/consumer_parameters.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sfu/parameters/browser_parameters_for_test.h"
#include "sfu/parameters/codec.h"
#include "sfu/parameters/producer_mapping.h"
#include "sfu/parameters/validate.h"

namespace confab::sfu {
namespace {

using enum rtc::MediaKind;
using rtc::Ssrc;

const ConsumerIdentity kIdentity{
    .mid = "7", .ssrc = Ssrc(5000), .rtx_ssrc = Ssrc(5001), .cname = "participant"};

RtpParameters Consumable(const RtpParameters& producer) {
  const auto mapping = MapProducer(KindOf(producer), producer, RouterRtpCapabilities(), Ssrc(1000));
  EXPECT_TRUE(mapping);
  return ConsumableRtpParameters(KindOf(producer), producer, RouterRtpCapabilities(), *mapping);
}

RtpParameters Consume(const RtpParameters& producer, const RtpCapabilities& receiver) {
  const auto parameters = ConsumerRtpParameters(Consumable(producer), receiver, kIdentity);
  EXPECT_TRUE(parameters) << parameters.error().message;
  EXPECT_TRUE(ValidateRtpParameters(*parameters)) << "clients validate alike";
  return *parameters;
}

bool HasFeedback(const RtpCodecParameters& codec, const char* type, const char* parameter = "") {
  return std::ranges::count(codec.rtcp_feedback, RtcpFeedback{type, parameter}) > 0;
}

TEST(ConsumerRtpParameters, AreOneStreamWithTheConsumersOwnNames) {
  const RtpParameters video = Consume(testing::Vp8Producer(), testing::ReceiverCapabilities());
  EXPECT_EQ(video.mid, "7");
  EXPECT_EQ(video.cname, "participant");
  EXPECT_TRUE(video.reduced_size);
  ASSERT_EQ(video.encodings.size(), 1U);
  EXPECT_EQ(video.encodings[0].ssrc, Ssrc(5000));
  EXPECT_EQ(video.encodings[0].rtx_ssrc, Ssrc(5001));
  EXPECT_EQ(video.encodings[0].max_bitrate_bps, 1'500'000U);
}

// A receiver is told the router's numbers, whatever its own are: mediasoup-client knows the codec
// again by them.
TEST(ConsumerRtpParameters, UseTheRoutersPayloadTypesForReceiversWithOthers) {
  const RtpParameters video =
      Consume(testing::Vp8Producer(), testing::ForeignReceiverCapabilities());
  ASSERT_EQ(video.codecs.size(), 2U);
  EXPECT_EQ(video.codecs[0].mime_type, "video/VP8");
  EXPECT_EQ(video.codecs[0].payload_type, 101);
  EXPECT_EQ(video.codecs[1].payload_type, 102);
  EXPECT_EQ(AssociatedPayloadType(video.codecs[1].parameters), 101);

  const RtpParameters audio =
      Consume(testing::OpusProducer(), testing::ForeignReceiverCapabilities());
  ASSERT_EQ(audio.codecs.size(), 1U);
  EXPECT_EQ(audio.codecs[0].payload_type, 100);
  EXPECT_EQ(audio.encodings[0].rtx_ssrc, std::nullopt);
}

TEST(ConsumerRtpParameters, DropRtxAndPlainNackWhereTheReceiverCannotRepair) {
  RtpCapabilities receiver = testing::ForeignReceiverCapabilities();
  receiver.codecs.back().parameters = {{"apt", "120"}};  // somebody else's RTX
  const RtpParameters video = Consume(testing::Vp8Producer(), receiver);
  ASSERT_EQ(video.codecs.size(), 1U);
  EXPECT_EQ(video.encodings[0].rtx_ssrc, std::nullopt);
  EXPECT_FALSE(HasFeedback(video.codecs[0], "nack"));
  EXPECT_TRUE(HasFeedback(video.codecs[0], "nack", "pli"));
}

TEST(ConsumerRtpParameters, KeepOnlyFeedbackThatBothKnow) {
  RtpCapabilities receiver = testing::ReceiverCapabilities();
  for (RtpCodecCapability& codec : receiver.codecs) {
    codec.rtcp_feedback = {{"nack", "pli"}, {"nack", "rpsi"}, {"transport-cc", ""}};
  }
  const RtpParameters video = Consume(testing::Vp8Producer(), receiver);
  EXPECT_EQ(video.codecs[0].rtcp_feedback,
            (std::vector<RtcpFeedback>{{"nack", "pli"}, {"transport-cc", ""}}));
}

TEST(ConsumerRtpParameters, NegotiateTransportCcOnlyWithItsHeaderExtension) {
  RtpCapabilities receiver = testing::ReceiverCapabilities();
  EXPECT_TRUE(HasFeedback(Consume(testing::Vp8Producer(), receiver).codecs[0], "transport-cc"));
  EXPECT_TRUE(HasFeedback(Consume(testing::OpusProducer(), receiver).codecs[0], "transport-cc"));
  std::erase_if(receiver.header_extensions, [](const RtpHeaderExtension& extension) {
    return extension.uri == UriOf(rtc::RtpExtension::kTransportSequenceNumber);
  });
  EXPECT_FALSE(HasFeedback(Consume(testing::Vp8Producer(), receiver).codecs[0], "transport-cc"));
}

TEST(ConsumerRtpParameters, NeverHaveTransportCcAndRembTogether) {
  RtpParameters consumable = Consumable(testing::Vp8Producer());
  consumable.codecs[0].rtcp_feedback.push_back({"goog-remb", ""});
  consumable.header_extensions.push_back({std::string(UriOf(rtc::RtpExtension::kAbsSendTime)), 4});
  RtpCapabilities receiver = testing::ForeignReceiverCapabilities();
  receiver.header_extensions.push_back(
      {kVideo, std::string(UriOf(rtc::RtpExtension::kAbsSendTime)), 4});
  const auto both = ConsumerRtpParameters(consumable, receiver, kIdentity);
  ASSERT_TRUE(both);
  EXPECT_TRUE(HasFeedback(both->codecs[0], "transport-cc"));
  EXPECT_FALSE(HasFeedback(both->codecs[0], "goog-remb"));

  std::erase_if(receiver.header_extensions, [](const RtpHeaderExtension& extension) {
    return extension.uri == UriOf(rtc::RtpExtension::kTransportSequenceNumber);
  });
  const auto remb = ConsumerRtpParameters(consumable, receiver, kIdentity);
  ASSERT_TRUE(remb);
  EXPECT_FALSE(HasFeedback(remb->codecs[0], "transport-cc"));
  EXPECT_TRUE(HasFeedback(remb->codecs[0], "goog-remb"));
}

TEST(ConsumerRtpParameters, TakeHeaderExtensionsThatTheReceiverKnowsByTheSameId) {
  RtpCapabilities receiver = testing::ReceiverCapabilities();
  for (RtpHeaderExtension& extension : receiver.header_extensions) {
    if (extension.uri == UriOf(rtc::RtpExtension::kVideoOrientation)) extension.preferred_id = 9;
    if (extension.uri == UriOf(rtc::RtpExtension::kPlayoutDelay)) extension.kind = kAudio;
  }
  const RtpParameters video = Consume(testing::Vp8Producer(), receiver);
  const rtc::ExtensionMap ids = MapOf(video.header_extensions);
  EXPECT_EQ(ids.IdOf(rtc::RtpExtension::kMid), 1);
  EXPECT_EQ(ids.IdOf(rtc::RtpExtension::kDependencyDescriptor), 8);
  EXPECT_EQ(ids.IdOf(rtc::RtpExtension::kVideoOrientation), 0);
  EXPECT_EQ(ids.IdOf(rtc::RtpExtension::kPlayoutDelay), 0);
}

TEST(ConsumerRtpParameters, HintAtTheLayersInside) {
  const RtpCapabilities receiver = testing::ReceiverCapabilities();
  const RtpParameters simulcast = Consume(testing::SimulcastProducer(), receiver);
  ASSERT_EQ(simulcast.encodings.size(), 1U);
  EXPECT_EQ(simulcast.encodings[0].scalability_mode, "L3T3");
  EXPECT_EQ(simulcast.encodings[0].max_bitrate_bps, 1'500'000U);

  RtpParameters svc = testing::Vp8Producer();
  svc.codecs[0].mime_type = "video/VP9";
  svc.encodings[0].scalability_mode = "L3T3_KEY";
  EXPECT_EQ(Consume(svc, receiver).encodings[0].scalability_mode, "L3T3_KEY");
  EXPECT_EQ(Consume(testing::Vp8Producer(), receiver).encodings[0].scalability_mode, "");
}

TEST(ConsumerRtpParameters, AreRefusedWhereNothingFits) {
  RtpCapabilities receiver;
  receiver.codecs = {testing::VideoCapability("VP9", 98), testing::RtxCapability(99, 98)};
  const RtpParameters consumable = Consumable(testing::Vp8Producer());
  EXPECT_FALSE(CanConsume(consumable, receiver)) << "RTX alone is no codec";
  const auto parameters = ConsumerRtpParameters(consumable, receiver, kIdentity);
  ASSERT_FALSE(parameters);
  EXPECT_EQ(parameters.error().code, ErrorCode::kCannotConsume);
  EXPECT_NE(parameters.error().message.find("video/VP8"), std::string::npos);
}

TEST(CanConsume, AgreesWithConsumerRtpParameters) {
  for (const RtpParameters& producer :
       {testing::Vp8Producer(), testing::OpusProducer(), testing::SimulcastProducer()}) {
    for (const RtpCapabilities& receiver :
         {testing::NativeCapabilities(), testing::ReceiverCapabilities(),
          testing::ForeignReceiverCapabilities(), RtpCapabilities{}}) {
      const RtpParameters consumable = Consumable(producer);
      EXPECT_EQ(CanConsume(consumable, receiver),
                ConsumerRtpParameters(consumable, receiver, kIdentity).has_value());
    }
  }
}

}  // namespace
}  // namespace confab::sfu
