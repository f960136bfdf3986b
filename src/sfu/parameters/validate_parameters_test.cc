#include <gtest/gtest.h>

#include <functional>

#include "sfu/parameters/browser_parameters_for_test.h"
#include "sfu/parameters/validate.h"

namespace confab::sfu {
namespace {

using rtc::Ssrc;

struct Case {
  const char* field;
  std::function<void(RtpParameters&)> break_it;
};

void ExpectRefused(const RtpParameters& good, std::initializer_list<Case> cases) {
  ASSERT_TRUE(ValidateRtpParameters(good));
  for (const Case& each : cases) {
    RtpParameters parameters = good;
    each.break_it(parameters);
    const auto result = ValidateRtpParameters(parameters);
    ASSERT_FALSE(result) << each.field;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidMessage);
    EXPECT_TRUE(result.error().message.starts_with(std::string("rtpParameters.") + each.field))
        << result.error().message;
  }
}

TEST(ValidateRtpParameters, TakesWhatBrowsersSend) {
  for (const RtpParameters& good :
       {testing::Vp8Producer(), testing::SimulcastProducer(), testing::OpusProducer()}) {
    const auto result = ValidateRtpParameters(good);
    EXPECT_TRUE(result) << result.error().message;
  }
}

TEST(ValidateRtpParameters, TellsTheKind) {
  EXPECT_EQ(KindOf(testing::Vp8Producer()), rtc::MediaKind::kVideo);
  EXPECT_EQ(KindOf(testing::OpusProducer()), rtc::MediaKind::kAudio);
}

TEST(ValidateRtpParameters, RefusesCodecsThatDoNotFitTogether) {
  ExpectRefused(
      testing::Vp8Producer(),
      {{"codecs has 0", [](auto& p) { p.codecs.clear(); }},
       {"codecs has 65", [](auto& p) { p.codecs.resize(65); }},
       {"codecs[0].payloadType", [](auto& p) { p.codecs[0].payload_type = 128; }},
       {"codecs[0].payloadType", [](auto& p) { p.codecs[0].payload_type = 72; }},
       {"codecs[1].payloadType", [](auto& p) { p.codecs[1].payload_type = 96; }},
       {"codecs[0].clockRate", [](auto& p) { p.codecs[0].clock_rate = 0; }},
       {"codecs[1].mimeType", [](auto& p) { p.codecs[1].mime_type = "audio/rtx"; }},
       {"codecs[0].mimeType", [](auto& p) { std::swap(p.codecs[0], p.codecs[1]); }},
       {"codecs[1].parameters.apt", [](auto& p) { p.codecs[1].parameters.clear(); }},
       {"codecs[1].parameters.apt", [](auto& p) { p.codecs[1].parameters[0].second = "x"; }},
       {"codecs[1].parameters.apt", [](auto& p) { p.codecs[1].parameters[0].second = "98"; }},
       {"codecs[1].parameters.apt", [](auto& p) { p.codecs[1].parameters[0].second = "97"; }},
       {"codecs[2].parameters.apt", [](auto& p) {
          p.codecs.push_back(p.codecs[1]);
          p.codecs[2].payload_type = 98;
        }}});
}

TEST(ValidateRtpParameters, RefusesAmbiguousHeaderExtensions) {
  ExpectRefused(testing::Vp8Producer(),
                {{"headerExtensions has 65", [](auto& p) { p.header_extensions.resize(65); }},
                 {"headerExtensions[0].id", [](auto& p) { p.header_extensions[0].id = 0; }},
                 {"headerExtensions[1].id", [](auto& p) { p.header_extensions[1].id = 4; }},
                 {"headerExtensions[2].uri",
                  [](auto& p) { p.header_extensions[2].uri = p.header_extensions[0].uri; }}});
}

TEST(ValidateRtpParameters, RefusesTextsThatCouldLeaveTheirLine) {
  ExpectRefused(testing::Vp8Producer(),
                {{"mid", [](auto& p) { p.mid = "a b"; }},
                 {"mid", [](auto& p) { p.mid = std::string(33, 'a'); }},
                 {"rtcp.cname", [](auto& p) { p.cname = "a\r\na=candidate"; }},
                 {"rtcp.cname", [](auto& p) { p.cname = std::string(256, 'a'); }}});
}

TEST(ValidateRtpParameters, RefusesEncodingsThatPacketsCannotFind) {
  ExpectRefused(
      testing::SimulcastProducer(),
      {{"encodings has 0", [](auto& p) { p.encodings.clear(); }},
       {"encodings has 9", [](auto& p) { p.encodings.resize(9); }},
       {"encodings[1].rid", [](auto& p) { p.encodings[1].rid = "a~"; }},
       {"encodings[1].rid", [](auto& p) { p.encodings[1].rid = std::string(17, 'r'); }},
       {"encodings[2].rid", [](auto& p) { p.encodings[2].rid = "r0"; }},
       {"encodings must", [](auto& p) { p.encodings[2].rid.clear(); }},
       {"encodings[0].ssrc", [](auto& p) { p.encodings[0].ssrc = Ssrc(0); }},
       {"encodings[0].rtx.ssrc", [](auto& p) { p.encodings[0].rtx_ssrc = Ssrc(5); }},
       {"encodings[1].ssrc", [](auto& p) { p.encodings[0].ssrc = p.encodings[1].ssrc = Ssrc(5); }},
       {"encodings[0].rtx.ssrc",
        [](auto& p) { p.encodings[0].ssrc = p.encodings[0].rtx_ssrc = Ssrc(5); }},
       {"encodings[0].codecPayloadType", [](auto& p) { p.encodings[0].codec_payload_type = 97; }},
       {"encodings[0].codecPayloadType", [](auto& p) { p.encodings[0].codec_payload_type = 98; }},
       {"encodings[1].scalabilityMode", [](auto& p) { p.encodings[1].scalability_mode = "L9T9"; }},
       {"encodings[1].scalabilityMode",
        [](auto& p) { p.encodings[1].scalability_mode = std::string(1000, 'L'); }}});
}

TEST(ValidateRtpParameters, LetsASingleEncodingRelyOnTheMid) {
  RtpParameters parameters = testing::Vp8Producer();
  parameters.encodings = {{}};
  EXPECT_TRUE(ValidateRtpParameters(parameters));
  parameters.mid.clear();
  const auto result = ValidateRtpParameters(parameters);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "rtpParameters.encodings[0] has no ssrc, no rid and no mid.");
}

TEST(ValidateRtpParameters, TakesEncodingsToldApartBySsrc) {
  RtpParameters parameters = testing::Vp8Producer();
  parameters.encodings.push_back({.ssrc = Ssrc(7), .rtx_ssrc = Ssrc(8)});
  EXPECT_TRUE(ValidateRtpParameters(parameters));
}

}  // namespace
}  // namespace confab::sfu
