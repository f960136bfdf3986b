#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "services/signaling/protocol/publish_settings.h"
#include "services/signaling/protocol/rtp_reader.h"
#include "services/signaling/protocol/rtp_writer.h"
#include "services/signaling/testing/fake_rtp.h"

namespace confab::signaling {
namespace {

using net::FieldReader, net::ReadFailure;

constexpr std::string_view kParameters = R"({
  "mid": "1",
  "codecs": [{"mimeType": "video/VP8", "payloadType": 96, "clockRate": 90000,
              "parameters": {"apt": 96, "profile-level-id": "42e01f", "x": "007"},
              "rtcpFeedback": [{"type": "nack", "parameter": "pli"}]}],
  "headerExtensions": [{"uri": "urn:x", "id": 4, "encrypt": false, "parameters": {}}],
  "encodings": [{"ssrc": 4294967295, "dtx": false, "rtx": {"ssrc": 0}}],
  "rtcp": {"cname": "someone", "reducedSize": true}
})";

std::string ErrorOf(json::value value) {
  const json::value payload{{"p", std::move(value)}};
  ReadFailure failure;
  FieldReader reader(payload, failure);
  ReadRtpParameters(reader.Object("p"));
  return failure.failed() ? failure.error().message : "";
}

TEST(RtpJson, GivesBackTheParametersThatItRead) {
  const json::value payload{{"p", json::parse(kParameters)}};
  ReadFailure failure;
  FieldReader reader(payload, failure);
  const media::v1::RtpParameters read = ReadRtpParameters(reader.Object("p"));
  ASSERT_FALSE(failure.failed()) << failure.error().message;
  EXPECT_EQ(json::value(ToJson(read)), payload.at("p"));
}

TEST(RtpJson, GivesBackTheCapabilitiesThatItRead) {
  const json::value payload =
      json::parse(json::serialize(json::object{{"c", ToJson(FakeRouterCapabilities())}}));
  ReadFailure failure;
  FieldReader reader(payload, failure);
  const media::v1::RtpCapabilities read = ReadRtpCapabilities(reader.Object("c"));
  ASSERT_FALSE(failure.failed()) << failure.error().message;
  EXPECT_EQ(json::serialize(ToJson(read)), json::serialize(payload.at("c")));
}

TEST(RtpJson, WritesCanonicalIntegersAsNumbersAndEverythingElseAsText) {
  EXPECT_EQ(CodecParameterValue("96"), json::value(96));
  EXPECT_EQ(CodecParameterValue("0"), json::value(0));
  EXPECT_EQ(CodecParameterValue("-5"), json::value(-5));
  for (const char* text : {"", "-", "-0", "007", "+1", "1.5", "42e01f", "1 ", "1234567890123456"}) {
    EXPECT_EQ(CodecParameterValue(text), json::value(text)) << text;
  }
}

TEST(RtpJson, NamesEachFieldOfTheWrongType) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"/mid", "p.mid"},
      {"/codecs", "p.codecs"},
      {"/codecs/0", "p.codecs[0]"},
      {"/codecs/0/mimeType", "p.codecs[0].mimeType"},
      {"/codecs/0/payloadType", "p.codecs[0].payloadType"},
      {"/codecs/0/clockRate", "p.codecs[0].clockRate"},
      {"/codecs/0/parameters", "p.codecs[0].parameters"},
      {"/codecs/0/parameters/apt", "p.codecs[0].parameters.apt"},
      {"/codecs/0/rtcpFeedback", "p.codecs[0].rtcpFeedback"},
      {"/codecs/0/rtcpFeedback/0/type", "p.codecs[0].rtcpFeedback[0].type"},
      {"/codecs/0/rtcpFeedback/0/parameter", "p.codecs[0].rtcpFeedback[0].parameter"},
      {"/headerExtensions", "p.headerExtensions"},
      {"/headerExtensions/0/uri", "p.headerExtensions[0].uri"},
      {"/headerExtensions/0/id", "p.headerExtensions[0].id"},
      {"/headerExtensions/0/encrypt", "p.headerExtensions[0].encrypt"},
      {"/encodings", "p.encodings"},
      {"/encodings/0/ssrc", "p.encodings[0].ssrc"},
      {"/encodings/0/dtx", "p.encodings[0].dtx"},
      {"/encodings/0/rtx", "p.encodings[0].rtx"},
      {"/encodings/0/rtx/ssrc", "p.encodings[0].rtx.ssrc"},
      {"/rtcp", "p.rtcp"},
      {"/rtcp/cname", "p.rtcp.cname"},
      {"/rtcp/reducedSize", "p.rtcp.reducedSize"},
  };
  for (const auto& [pointer, path] : cases) {
    for (const json::value& wrong : {json::value(1.5), json::value(json::array{1})}) {
      json::value parameters = json::parse(kParameters);
      parameters.at_pointer(pointer) = wrong;
      const std::string error = ErrorOf(std::move(parameters));
      EXPECT_TRUE(error.starts_with(path)) << pointer << ": " << error;
    }
  }
}

TEST(RtpJson, RefusesMoreThanItWillKeep) {
  json::value parameters = json::parse(kParameters);
  json::array many(9, parameters.at("encodings").at(0));
  parameters.as_object()["encodings"] = many;
  EXPECT_EQ(ErrorOf(parameters), "p.encodings must be an array of 1 to 8");
  parameters = json::parse(kParameters);
  json::object& settings = parameters.at_pointer("/codecs/0/parameters").as_object();
  for (int i = 0; i < 40; ++i) settings[std::to_string(i)] = i;
  EXPECT_EQ(ErrorOf(parameters), "p.codecs[0].parameters must have at most 32 fields");
}

TEST(RtpJson, TakesFingerprintsOfTheRightLengthOnly) {
  const auto error_of = [](std::string_view algorithm, std::string_view value) {
    const json::value payload{
        {"d", {{"fingerprints", json::array{{{"algorithm", algorithm}, {"value", value}}}}}}};
    ReadFailure failure;
    FieldReader reader(payload, failure);
    ReadDtlsParameters(reader.Object("d"));
    return failure.failed() ? failure.error().message : "";
  };
  std::string sha1 = "A0";
  for (int i = 1; i < 20; ++i) sha1 += ":bf";
  EXPECT_EQ(error_of("sha-1", sha1), "");
  EXPECT_NE(error_of("sha-256", sha1), "");
  EXPECT_NE(error_of("md5", sha1), "");
  for (size_t length = 1; length < sha1.size(); ++length) {
    EXPECT_NE(error_of("sha-1", sha1.substr(0, length)), "") << length;
  }
  sha1[2] = '-';
  EXPECT_NE(error_of("sha-1", sha1), "");
}

TEST(PublishSettings, ChoosesOpusAndVp8AndLeavesOutWhatTheRouterLacks) {
  media::v1::RtpCapabilities router = FakeRouterCapabilities();
  const json::value settings = PublishSettings(router);
  EXPECT_EQ(settings.at_pointer("/audio/codec/mimeType"), "audio/opus");
  EXPECT_EQ(settings.at_pointer("/audio/codecOptions/opusDtx"), false);
  EXPECT_EQ(settings.at_pointer("/video/codec/mimeType"), "video/VP8");
  EXPECT_EQ(settings.at_pointer("/video/encodings/0/maxBitrate"), 1'500'000);
  EXPECT_EQ(settings.at_pointer("/screen/codecOptions/videoGoogleStartBitrate"), 1000);
  router.clear_codecs();
  EXPECT_EQ(PublishSettings(router), json::object());
}

}  // namespace
}  // namespace confab::signaling
