#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "base/testing/error_of.h"
#include "services/media/convert/rtp_from_proto.h"
#include "services/media/convert/rtp_to_proto.h"
#include "sfu/parameters/browser_parameters_for_test.h"

namespace confab::media {
namespace {

void ExpectSameFormat(const auto& a, const auto& b) {
  EXPECT_EQ(a.mime_type, b.mime_type);
  EXPECT_EQ(a.clock_rate, b.clock_rate);
  EXPECT_EQ(a.channels, b.channels);
  EXPECT_EQ(a.rtcp_feedback, b.rtcp_feedback);
  EXPECT_TRUE(std::ranges::is_permutation(a.parameters, b.parameters)) << a.mime_type;
}

void ExpectSame(const sfu::RtpCapabilities& a, const sfu::RtpCapabilities& b) {
  ASSERT_EQ(a.codecs.size(), b.codecs.size());
  for (size_t i = 0; i < a.codecs.size(); ++i) {
    ExpectSameFormat(a.codecs[i], b.codecs[i]);
    EXPECT_EQ(a.codecs[i].kind, b.codecs[i].kind);
    EXPECT_EQ(a.codecs[i].preferred_payload_type, b.codecs[i].preferred_payload_type);
  }
  ASSERT_EQ(a.header_extensions.size(), b.header_extensions.size());
  for (size_t i = 0; i < a.header_extensions.size(); ++i) {
    EXPECT_EQ(a.header_extensions[i].kind, b.header_extensions[i].kind);
    EXPECT_EQ(a.header_extensions[i].uri, b.header_extensions[i].uri);
    EXPECT_EQ(a.header_extensions[i].preferred_id, b.header_extensions[i].preferred_id);
    EXPECT_EQ(a.header_extensions[i].direction, b.header_extensions[i].direction);
  }
}

void ExpectSameEncodings(const sfu::RtpParameters& a, const sfu::RtpParameters& b) {
  ASSERT_EQ(a.encodings.size(), b.encodings.size());
  for (size_t i = 0; i < a.encodings.size(); ++i) {
    EXPECT_EQ(a.encodings[i].ssrc, b.encodings[i].ssrc);
    EXPECT_EQ(a.encodings[i].rid, b.encodings[i].rid);
    EXPECT_EQ(a.encodings[i].codec_payload_type, b.encodings[i].codec_payload_type);
    EXPECT_EQ(a.encodings[i].rtx_ssrc, b.encodings[i].rtx_ssrc);
    EXPECT_EQ(a.encodings[i].dtx, b.encodings[i].dtx);
    EXPECT_EQ(a.encodings[i].scalability_mode, b.encodings[i].scalability_mode);
    EXPECT_EQ(a.encodings[i].max_bitrate_bps, b.encodings[i].max_bitrate_bps);
  }
}

void ExpectSame(const sfu::RtpParameters& a, const sfu::RtpParameters& b) {
  EXPECT_EQ(a.mid, b.mid);
  EXPECT_EQ(a.cname, b.cname);
  EXPECT_EQ(a.reduced_size, b.reduced_size);
  ASSERT_EQ(a.codecs.size(), b.codecs.size());
  for (size_t i = 0; i < a.codecs.size(); ++i) {
    ExpectSameFormat(a.codecs[i], b.codecs[i]);
    EXPECT_EQ(a.codecs[i].payload_type, b.codecs[i].payload_type);
  }
  ASSERT_EQ(a.header_extensions.size(), b.header_extensions.size());
  for (size_t i = 0; i < a.header_extensions.size(); ++i) {
    EXPECT_EQ(a.header_extensions[i].uri, b.header_extensions[i].uri);
    EXPECT_EQ(a.header_extensions[i].id, b.header_extensions[i].id);
  }
  ExpectSameEncodings(a, b);
}

TEST(RtpConvert, BringsCapabilitiesBackUnchanged) {
  for (const sfu::RtpCapabilities& capabilities :
       {sfu::RouterRtpCapabilities(), sfu::testing::NativeCapabilities(), sfu::RtpCapabilities{}}) {
    const auto back = FromProto(ToProto(capabilities));
    ASSERT_TRUE(back) << back.error().message;
    ExpectSame(*back, capabilities);
  }
}

TEST(RtpConvert, BringsParametersBackUnchanged) {
  sfu::RtpParameters rich = sfu::testing::Vp8Producer();
  rich.encodings[0].codec_payload_type = 96;
  for (const sfu::RtpParameters& parameters :
       {rich, sfu::testing::SimulcastProducer(), sfu::testing::OpusProducer()}) {
    const auto back = FromProto(ToProto(parameters));
    ASSERT_TRUE(back) << back.error().message;
    ExpectSame(*back, parameters);
  }
}

TEST(RtpConvert, LeavesUnsetWhatIsNotThere) {
  const v1::RtpParameters video = ToProto(sfu::testing::SimulcastProducer());
  EXPECT_FALSE(video.codecs(0).has_channels());
  EXPECT_FALSE(video.encodings(0).has_ssrc());
  EXPECT_FALSE(video.encodings(0).has_rtx_ssrc());
  EXPECT_FALSE(video.encodings(0).has_dtx());
  EXPECT_FALSE(ToProto(sfu::testing::Vp8Producer()).encodings(0).has_rid());
}

TEST(RtpConvert, OrdersSettingsByName) {
  v1::RtpParameters message = ToProto(sfu::testing::OpusProducer());
  for (const char* name : {"zulu", "alpha", "mike"}) {
    (*message.mutable_codecs(0)->mutable_parameters())[name] = "1";
  }
  const auto parameters = FromProto(message);
  ASSERT_TRUE(parameters);
  EXPECT_TRUE(std::ranges::is_sorted(parameters->codecs[0].parameters));
}

TEST(RtpConvert, TakesRtcpForReducedSize) {
  v1::RtpParameters message = ToProto(sfu::testing::OpusProducer());
  message.clear_rtcp();
  const auto parameters = FromProto(message);
  ASSERT_TRUE(parameters);
  EXPECT_TRUE(parameters->reduced_size);
  EXPECT_EQ(parameters->cname, "");
}

// Each value would be fine after cutting off all but its low byte.
TEST(RtpConvert, RefusesNumbersThatOnlyFitWhenCut) {
  struct Case {
    const char* field;
    std::function<void(v1::RtpParameters&)> break_it;
  };
  const Case cases[] = {
      {"rtpParameters.codecs[0].payloadType",
       [](auto& m) { m.mutable_codecs(0)->set_payload_type(256 + 96); }},
      {"rtpParameters.codecs[1].channels", [](auto& m) { m.mutable_codecs(1)->set_channels(258); }},
      {"rtpParameters.headerExtensions[1].id",
       [](auto& m) { m.mutable_header_extensions(1)->set_id(256 + 2); }},
      {"rtpParameters.encodings[0].codecPayloadType",
       [](auto& m) { m.mutable_encodings(0)->set_codec_payload_type(256 + 96); }},
  };
  for (const Case& each : cases) {
    v1::RtpParameters message = ToProto(sfu::testing::Vp8Producer());
    each.break_it(message);
    const auto result = FromProto(message);
    ASSERT_FALSE(result) << each.field;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidMessage);
    EXPECT_TRUE(result.error().message.starts_with(each.field)) << result.error().message;
  }
}

TEST(RtpConvert, RefusesWordsItDoesNotKnow) {
  v1::RtpCapabilities message = ToProto(sfu::RouterRtpCapabilities());
  message.mutable_codecs(1)->set_kind("application");
  auto result = FromProto(message);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "rtpCapabilities.codecs[1].kind must be audio or video.");

  message = ToProto(sfu::RouterRtpCapabilities());
  message.mutable_header_extensions(2)->set_direction("both");
  result = FromProto(message);
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().message.starts_with("rtpCapabilities.headerExtensions[2].direction"));
}

TEST(RtpConvert, ValidatesWhatItConverts) {
  v1::RtpParameters message = ToProto(sfu::testing::Vp8Producer());
  message.mutable_rtcp()->set_cname("a\r\nb");
  ASSERT_FALSE(FromProto(message));
  EXPECT_EQ(ErrorOf(FromProto(message)).code, ErrorCode::kInvalidMessage);
  ASSERT_FALSE(FromProto(v1::RtpParameters()));

  v1::RtpCapabilities capabilities = ToProto(sfu::RouterRtpCapabilities());
  capabilities.mutable_codecs(0)->set_preferred_payload_type(200);
  ASSERT_FALSE(FromProto(capabilities));
}

TEST(RtpConvert, HasNoEncryptedHeaderExtensions) {
  v1::RtpParameters parameters = ToProto(sfu::testing::Vp8Producer());
  parameters.mutable_header_extensions(0)->set_encrypt(true);
  ASSERT_FALSE(FromProto(parameters));
  EXPECT_EQ(ErrorOf(FromProto(parameters)).code, ErrorCode::kUnsupportedParameters);

  v1::RtpCapabilities capabilities = ToProto(sfu::RouterRtpCapabilities());
  capabilities.mutable_header_extensions(0)->set_preferred_encrypt(true);
  const auto plain = FromProto(capabilities);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->header_extensions.size(),
            sfu::RouterRtpCapabilities().header_extensions.size() - 1);
}

}  // namespace
}  // namespace confab::media
