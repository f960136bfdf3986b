#include <gtest/gtest.h>

#include <functional>

#include "sfu/parameters/browser_parameters_for_test.h"
#include "sfu/parameters/validate.h"

namespace confab::sfu {
namespace {

TEST(ValidateRtpCapabilities, TakesABrowsersAndTheRoutersOwn) {
  for (const RtpCapabilities& good :
       {testing::NativeCapabilities(), testing::ReceiverCapabilities(),
        testing::ForeignReceiverCapabilities(), RouterRtpCapabilities(), RtpCapabilities{}}) {
    const auto result = ValidateRtpCapabilities(good);
    EXPECT_TRUE(result) << result.error().message;
  }
}

TEST(ValidateRtpCapabilities, FillsTheChannelsThatMayBeLeftOut) {
  RtpCapabilities capabilities = testing::ForeignReceiverCapabilities();
  capabilities.codecs[0].channels.reset();
  capabilities.codecs[1].channels = 2;
  const auto result = ValidateRtpCapabilities(capabilities);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->codecs[0].channels, 1);
  EXPECT_EQ(result->codecs[1].channels, std::nullopt);
}

TEST(ValidateRtpCapabilities, NamesTheFieldThatIsWrong) {
  struct Case {
    const char* field;
    std::function<void(RtpCapabilities&)> break_it;
  };
  const std::string long_text(300, 'a');
  const Case cases[] = {
      {"codecs has 65", [](auto& c) { c.codecs.resize(65, c.codecs[0]); }},
      {"codecs[0].mimeType", [](auto& c) { c.codecs[0].mime_type = "opus"; }},
      {"codecs[0].mimeType", [](auto& c) { c.codecs[0].mime_type = "audio/"; }},
      {"codecs[0].mimeType", [](auto& c) { c.codecs[0].mime_type = "audio/a b"; }},
      {"codecs[0].mimeType", [](auto& c) { c.codecs[0].mime_type = "audio/x\r\na=evil"; }},
      {"codecs[0].mimeType", [&](auto& c) { c.codecs[0].mime_type = "audio/" + long_text; }},
      {"codecs[1].kind", [](auto& c) { c.codecs[1].kind = rtc::MediaKind::kAudio; }},
      {"codecs[0].preferredPayloadType", [](auto& c) { c.codecs[0].preferred_payload_type = 128; }},
      {"codecs[1].preferredPayloadType", [](auto& c) { c.codecs[1].preferred_payload_type = 120; }},
      {"codecs[0].clockRate", [](auto& c) { c.codecs[0].clock_rate = 0; }},
      {"codecs[0].clockRate", [](auto& c) { c.codecs[0].clock_rate = 1'000'001; }},
      {"codecs[0].channels", [](auto& c) { c.codecs[0].channels = 0; }},
      {"codecs[0].channels", [](auto& c) { c.codecs[0].channels = 25; }},
      {"codecs[0].parameters has 33", [](auto& c) { c.codecs[0].parameters.resize(33); }},
      {"codecs[0].parameters", [](auto& c) { c.codecs[0].parameters = {{"", "1"}}; }},
      {"codecs[0].parameters", [](auto& c) { c.codecs[0].parameters = {{"a;b", "1"}}; }},
      {"codecs[0].parameters", [](auto& c) { c.codecs[0].parameters = {{"a=b", "1"}}; }},
      {"codecs[0].parameters", [&](auto& c) { c.codecs[0].parameters = {{long_text, "1"}}; }},
      {"codecs[0].parameters.a", [](auto& c) { c.codecs[0].parameters = {{"a", "1;b=2"}}; }},
      {"codecs[0].parameters.a", [](auto& c) { c.codecs[0].parameters = {{"a", "1\n"}}; }},
      {"codecs[0].parameters.a", [](auto& c) { c.codecs[0].parameters = {{"a", "\xc3\xa4"}}; }},
      {"codecs[0].parameters.a", [&](auto& c) { c.codecs[0].parameters = {{"a", long_text}}; }},
      {"codecs[0].parameters.a",
       [](auto& c) { c.codecs[0].parameters = {{"a", "1"}, {"b", "1"}, {"a", "2"}}; }},
      {"codecs[0].rtcpFeedback has 17", [](auto& c) { c.codecs[0].rtcp_feedback.resize(17); }},
      {"codecs[0].rtcpFeedback[0].type", [](auto& c) { c.codecs[0].rtcp_feedback = {{"", "x"}}; }},
      {"codecs[0].rtcpFeedback[0].parameter",
       [](auto& c) { c.codecs[0].rtcp_feedback = {{"nack", "p li"}}; }},
      {"headerExtensions has 65", [](auto& c) { c.header_extensions.resize(65); }},
      {"headerExtensions[0].uri", [](auto& c) { c.header_extensions[0].uri = ""; }},
      {"headerExtensions[0].uri", [](auto& c) { c.header_extensions[0].uri = "urn:a b"; }},
      {"headerExtensions[0].uri", [&](auto& c) { c.header_extensions[0].uri = long_text; }},
      {"headerExtensions[1].preferredId", [](auto& c) { c.header_extensions[1].preferred_id = 0; }},
  };
  for (const Case& each : cases) {
    RtpCapabilities capabilities = testing::ForeignReceiverCapabilities();
    each.break_it(capabilities);
    const auto result = ValidateRtpCapabilities(capabilities);
    ASSERT_FALSE(result) << each.field;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidMessage);
    EXPECT_TRUE(result.error().message.starts_with(std::string("rtpCapabilities.") + each.field))
        << result.error().message;
    EXPECT_LT(result.error().message.size(), 256U);
    EXPECT_EQ(result.error().message.find_first_of("\r\n"), std::string::npos);
  }
}

}  // namespace
}  // namespace confab::sfu
