#include "sfu/parameters/supported_capabilities.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "sfu/parameters/codec.h"
#include "sfu/parameters/header_extensions.h"
#include "sfu/parameters/validate.h"

namespace confab::sfu {
namespace {

// mediasoup-client's probator sends with this one.
constexpr uint8_t kProbatorPayloadType = 127;

TEST(SupportedCapabilities, PassTheirOwnValidation) {
  const auto result = ValidateRtpCapabilities(RouterRtpCapabilities());
  EXPECT_TRUE(result) << result.error().message;
}

TEST(SupportedCapabilities, UseEachDynamicPayloadTypeOnce) {
  std::set<uint8_t> seen;
  for (const RtpCodecCapability& codec : RouterRtpCapabilities().codecs) {
    ASSERT_TRUE(codec.preferred_payload_type) << codec.mime_type;
    EXPECT_GE(*codec.preferred_payload_type, 96);
    EXPECT_LT(*codec.preferred_payload_type, kProbatorPayloadType);
    EXPECT_TRUE(seen.insert(*codec.preferred_payload_type).second) << codec.mime_type;
  }
}

TEST(SupportedCapabilities, RepairEveryVideoCodec) {
  const auto& codecs = RouterRtpCapabilities().codecs;
  for (size_t i = 0; i < codecs.size(); ++i) {
    if (codecs[i].kind != rtc::MediaKind::kVideo || IsRtx(codecs[i].mime_type)) continue;
    const RtpCodecCapability* rtx = FindRtx(codecs, *codecs[i].preferred_payload_type);
    ASSERT_NE(rtx, nullptr) << codecs[i].mime_type;
    // mediasoup-client takes the codec after the media codec for its RTX.
    EXPECT_EQ(rtx, &codecs[i] + 1) << codecs[i].mime_type;
  }
}

TEST(SupportedCapabilities, GiveFormatsThatNoClientMistakesForNumbers) {
  for (const RtpCodecCapability& codec : RouterRtpCapabilities().codecs) {
    const auto id = FindSetting(codec.parameters, "profile-level-id");
    if (!id) continue;
    EXPECT_FALSE(std::ranges::all_of(*id, [](char c) { return c >= '0' && c <= '9'; })) << *id;
  }
}

TEST(SupportedCapabilities, NeverOfferTwoEstimatorsAtOnce) {
  for (const RtpCodecCapability& codec : RouterRtpCapabilities().codecs) {
    EXPECT_EQ(std::ranges::count(codec.rtcp_feedback, RtcpFeedback{"goog-remb", ""}), 0);
    if (IsRtx(codec.mime_type)) continue;
    EXPECT_EQ(std::ranges::count(codec.rtcp_feedback, RtcpFeedback{"transport-cc", ""}), 1);
  }
}

TEST(SupportedCapabilities, KeepAnExtensionsIdAcrossKinds) {
  std::set<std::pair<rtc::MediaKind, std::string>> seen;
  for (const RtpHeaderExtension& extension : RouterRtpCapabilities().header_extensions) {
    EXPECT_TRUE(seen.insert({extension.kind, extension.uri}).second) << extension.uri;
    const auto known = rtc::ExtensionFromUri(extension.uri);
    ASSERT_TRUE(known) << extension.uri;
    EXPECT_EQ(extension.preferred_id, RouterIdOf(*known)) << extension.uri;
  }
}

}  // namespace
}  // namespace confab::sfu
