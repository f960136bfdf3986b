#include "rtc/rtp/extension_values.h"

#include <gtest/gtest.h>

#include "rtc/rtp/dependency_descriptor.h"
#include "rtc/rtp/parser_test_support.h"

namespace confab::rtc {
namespace {

TEST(AudioLevel, RoundTrips) {
  const AudioLevel level{.voice_activity = true, .attenuation_dbov = 42};
  EXPECT_EQ(AudioLevelBytes(level)[0], 0x80 | 42);
  EXPECT_EQ(ReadAudioLevel(AudioLevelBytes(level)), level);
  EXPECT_EQ(ReadAudioLevel(Hex("7f")), (AudioLevel{false, 127}));
  EXPECT_EQ(ReadAudioLevel({}), std::nullopt);
}

TEST(SdesExtensions, TakeTokensAndNothingElse) {
  EXPECT_EQ(ReadMid(AsBytes("0")), "0");
  EXPECT_EQ(ReadMid(AsBytes("probator")), "probator");
  EXPECT_EQ(ReadMid({}), std::nullopt);
  EXPECT_EQ(ReadMid(AsBytes("a b")), std::nullopt);
  EXPECT_EQ(ReadMid(AsBytes("12345678901234567")), std::nullopt);
  EXPECT_EQ(ReadRid(AsBytes("r0")), "r0");
  EXPECT_EQ(ReadRid(AsBytes("hi-res_2")), "hi-res_2");
  EXPECT_EQ(ReadRid(AsBytes("r.0")), std::nullopt);
  EXPECT_EQ(ReadRid(Hex("7200")), std::nullopt) << "a zero octet is no text";
}

TEST(AbsSendTime, CountsIn18BitFractionsAndWrapsAfter64Seconds) {
  EXPECT_EQ(AbsSendTimeOf(Timestamp::Micros(0)), 0u);
  EXPECT_EQ(AbsSendTimeOf(Timestamp::Millis(1000)), 1u << 18);
  EXPECT_EQ(AbsSendTimeOf(Timestamp::Millis(63'500)), (63u << 18) + (1u << 17));
  EXPECT_EQ(AbsSendTimeOf(Timestamp::Millis(64'000)), 0u);
  EXPECT_EQ(AbsSendTimeOf(Timestamp::Millis(10'000'000'000'000)),
            AbsSendTimeOf(Timestamp::Millis(10'000'000'000'000 % 64'000)));
  EXPECT_EQ(ReadAbsSendTime(AbsSendTimeBytes(Timestamp::Millis(1000))), 1u << 18);
  EXPECT_EQ(ReadAbsSendTime(Hex("0102")), std::nullopt);
}

TEST(TransportSequenceNumber, RoundTripsAndIgnoresAFeedbackRequest) {
  EXPECT_EQ(ReadTransportSequenceNumber(TransportSequenceNumberBytes(0xfffe)), 0xfffe);
  EXPECT_EQ(ReadTransportSequenceNumber(Hex("00018001")), 1);
  EXPECT_EQ(ReadTransportSequenceNumber(Hex("000102")), std::nullopt);
}

TEST(VideoOrientation, ReadsCameraFlipAndRotation) {
  EXPECT_EQ(ReadVideoOrientation(Hex("0b")), (VideoOrientation{true, false, 270}));
  EXPECT_EQ(ReadVideoOrientation(Hex("05")), (VideoOrientation{false, true, 90}));
  EXPECT_EQ(ReadVideoOrientation({}), std::nullopt);
}

TEST(TimeOffset, HasASign) {
  EXPECT_EQ(ReadTimeOffset(Hex("000001")), 1);
  EXPECT_EQ(ReadTimeOffset(Hex("ffffff")), -1);
  EXPECT_EQ(ReadTimeOffset(Hex("800000")), -0x80'0000);
  EXPECT_EQ(ReadTimeOffset(Hex("0000")), std::nullopt);
}

TEST(AbsCaptureTime, ReadsBothForms) {
  const auto shorter = ReadAbsCaptureTime(Hex("0102030405060708"));
  ASSERT_TRUE(shorter);
  EXPECT_EQ(shorter->capture_time, NtpTime(0x0102030405060708));
  EXPECT_FALSE(shorter->clock_offset);
  EXPECT_EQ(ReadAbsCaptureTime(Hex("0102030405060708 ffffffffffffffff"))->clock_offset, -1);
  EXPECT_EQ(ReadAbsCaptureTime(Hex("01020304050607")), std::nullopt);
}

TEST(PlayoutDelay, RoundTripsAndHoldsToItsRange) {
  const PlayoutDelay delay{.min = TimeDelta::Millis(100), .max = TimeDelta::Millis(400)};
  EXPECT_EQ(PlayoutDelayBytes(delay), (std::array<uint8_t, 3>{0x00, 0xa0, 0x28}));
  EXPECT_EQ(ReadPlayoutDelay(PlayoutDelayBytes(delay)), delay);
  const PlayoutDelay extreme{.min = TimeDelta::Millis(-5), .max = TimeDelta::Seconds(1000)};
  EXPECT_EQ(ReadPlayoutDelay(PlayoutDelayBytes(extreme)),
            (PlayoutDelay{TimeDelta(), TimeDelta::Millis(40'950)}));
  EXPECT_EQ(ReadPlayoutDelay(Hex("0000")), std::nullopt);
}

TEST(DependencyDescriptor, ReadsTheMandatoryFields) {
  EXPECT_EQ(ReadDependencyDescriptor(Hex("851234")),
            (DependencyDescriptor{
                .first_packet_in_frame = true, .template_id = 5, .frame_number = 0x1234}));
  EXPECT_EQ(ReadDependencyDescriptor(Hex("c0000180")),
            (DependencyDescriptor{.first_packet_in_frame = true,
                                  .last_packet_in_frame = true,
                                  .frame_number = 1,
                                  .has_structure = true}));
  EXPECT_FALSE(ReadDependencyDescriptor(Hex("c0000140"))->has_structure);
  ForEachTruncation(Hex("c0000180"), [](BytesView bytes) {
    EXPECT_EQ(ReadDependencyDescriptor(bytes).has_value(), bytes.size() >= 3);
  });
}

TEST(ExtensionValues, SurviveEveryLengthOfNoise) {
  ForEachRandomInput(2, 5'000, 20, {}, [](BytesView bytes) {
    (void)ReadAudioLevel(bytes);
    (void)ReadMid(bytes);
    (void)ReadRid(bytes);
    (void)ReadAbsSendTime(bytes);
    (void)ReadTransportSequenceNumber(bytes);
    (void)ReadVideoOrientation(bytes);
    (void)ReadTimeOffset(bytes);
    (void)ReadAbsCaptureTime(bytes);
    (void)ReadPlayoutDelay(bytes);
    (void)ReadDependencyDescriptor(bytes);
  });
}

}  // namespace
}  // namespace confab::rtc
