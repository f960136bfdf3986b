#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "client/signaling/consume_parameters.h"
#include "client/signaling/publish_parameters.h"
#include "client/signaling/remote_transport.h"

namespace confab::client {
namespace {

namespace json = boost::json;

json::value TransportEntry() {
  return json::parse(R"({
    "id": "t1",
    "iceParameters": {"usernameFragment": "ufrag", "password": "secret", "iceLite": true},
    "iceCandidates": [
      {"foundation": "1", "priority": 9, "ip": "192.0.2.1", "port": 4000, "protocol": "tcp"},
      {"foundation": "2", "priority": 8, "ip": "192.0.2.2", "port": 4001, "protocol": "udp"},
      {"foundation": "3", "priority": 7, "ip": "no address", "port": 4001, "protocol": "udp"},
      {"foundation": "4", "priority": 6, "ip": "192.0.2.4", "port": 70000, "protocol": "udp"}],
    "dtlsParameters": {"role": "auto", "fingerprints": [
      {"algorithm": "md5", "value": "00"},
      {"algorithm": "sha-256", "value": "00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F"}]}
  })");
}

TEST(RemoteTransport, TakesWhatCanBeUsed) {
  const auto remote = ParseRemoteTransport(TransportEntry());
  ASSERT_TRUE(remote) << remote.error().message;
  EXPECT_EQ(remote->id, "t1");
  EXPECT_EQ(remote->ice, (rtc::IceCredentials{.ufrag = "ufrag", .password = "secret"}));
  ASSERT_EQ(remote->candidates.size(), 1u);
  EXPECT_EQ(remote->candidates[0].ToString(), "192.0.2.2:4001");
  ASSERT_EQ(remote->fingerprints.size(), 1u);
  EXPECT_EQ(remote->fingerprints[0].bytes[31], 0x1f);
}

TEST(RemoteTransport, SaysWhatIsMissing) {
  for (const std::string_view field : {"id", "iceParameters", "iceCandidates", "dtlsParameters"}) {
    json::value entry = TransportEntry();
    entry.as_object().erase(field);
    EXPECT_FALSE(ParseRemoteTransport(entry)) << field;
    entry.as_object()[field] = 5;
    EXPECT_FALSE(ParseRemoteTransport(entry)) << field;
  }
  EXPECT_FALSE(ParseRemoteTransport(json::value("text")));
}

json::value RouterCapabilities() {
  return json::parse(R"({
    "codecs": [
      {"kind": "audio", "mimeType": "audio/opus", "clockRate": 48000, "channels": 2,
       "preferredPayloadType": 111},
      {"kind": "video", "mimeType": "video/VP8", "clockRate": 90000, "preferredPayloadType": 96,
       "rtcpFeedback": [{"type": "nack", "parameter": "pli"}]}],
    "headerExtensions": [
      {"kind": "audio", "uri": "urn:ietf:params:rtp-hdrext:sdes:mid", "preferredId": 7},
      {"kind": "video", "uri": "urn:ietf:params:rtp-hdrext:sdes:mid", "preferredId": 1},
      {"kind": "video", "uri": "urn:3gpp:video-orientation", "preferredId": 5},
      {"kind": "video", "uri": "urn:example:unknown", "preferredId": 6},
      {"kind": "video", "preferredId": 3,
       "uri": "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"}]
  })");
}

constexpr StreamNames kNames{
    .ssrc = rtc::Ssrc(1234), .rtx_ssrc = rtc::Ssrc(5678), .mid = "0", .cname = "someone"};

TEST(PublishParameters, TakesCodecAndExtensionsAsTheRouterOffersThem) {
  const auto chosen = ChooseParameters(RouterCapabilities(), "video/vp8", kNames);
  ASSERT_TRUE(chosen) << chosen.error().message;
  EXPECT_EQ(chosen->clock_rate_hz, 90'000u);
  EXPECT_EQ(chosen->stream.ssrc, rtc::Ssrc(1234));
  EXPECT_EQ(chosen->stream.payload_type, rtc::PayloadType(96));
  EXPECT_EQ(chosen->stream.extensions.IdOf(rtc::RtpExtension::kMid), 1);
  EXPECT_EQ(chosen->stream.extensions.IdOf(rtc::RtpExtension::kTransportSequenceNumber), 3);
  EXPECT_FALSE(chosen->stream.extensions.Has(rtc::RtpExtension::kVideoOrientation));
  EXPECT_EQ(json::value(chosen->rtp_parameters), json::parse(R"({
    "mid": "0",
    "codecs": [{"payloadType": 96, "mimeType": "video/VP8", "clockRate": 90000,
                "rtcpFeedback": [{"type": "nack", "parameter": "pli"}]}],
    "headerExtensions": [
      {"uri": "urn:ietf:params:rtp-hdrext:sdes:mid", "id": 1},
      {"uri": "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
       "id": 3}],
    "encodings": [{"ssrc": 1234}],
    "rtcp": {"cname": "someone", "reducedSize": true, "mux": true}
  })"));
}

TEST(PublishParameters, RefusesACodecThatTheRouterDoesNotHave) {
  const auto chosen = ChooseParameters(RouterCapabilities(), "video/AV1", kNames);
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().message, "the server does not take video/AV1");
  EXPECT_FALSE(ChooseParameters(json::value(), "video/VP8", kNames));
}

json::value RouterWithRtx() {
  json::value router = RouterCapabilities();
  json::array& codecs = router.as_object()["codecs"].as_array();
  codecs.push_back(json::parse(R"({"kind": "video", "mimeType": "video/rtx", "clockRate": 90000,
      "preferredPayloadType": 99, "parameters": {"apt": 98}})"));
  codecs.push_back(json::parse(R"({"kind": "video", "mimeType": "video/rtx", "clockRate": 90000,
      "preferredPayloadType": 97, "parameters": {"apt": 96}})"));
  return router;
}

TEST(PublishParameters, DeclaresRepetitionsWhereTheRouterTakesThem) {
  const auto chosen = ChooseParameters(RouterWithRtx(), "video/VP8", kNames);
  ASSERT_TRUE(chosen) << chosen.error().message;
  ASSERT_TRUE(chosen->rtx);
  EXPECT_TRUE(chosen->stream.keep_sent);
  EXPECT_EQ(chosen->rtx->ssrc, rtc::Ssrc(5678));
  EXPECT_EQ(chosen->rtx->payload_type, rtc::PayloadType(97));
  EXPECT_EQ(chosen->rtx->extensions, chosen->stream.extensions);
  EXPECT_FALSE(chosen->rtx->keep_sent);
  const json::object& rtp = chosen->rtp_parameters;
  EXPECT_EQ(rtp.at("codecs").at(1), json::parse(R"({"payloadType": 97, "mimeType": "video/rtx",
      "clockRate": 90000, "parameters": {"apt": 96}})"));
  EXPECT_EQ(rtp.at("encodings"), json::parse(R"([{"ssrc": 1234, "rtx": {"ssrc": 5678}}])"));
}

TEST(PublishParameters, SoundHasNoRepetitions) {
  const auto chosen = ChooseParameters(RouterWithRtx(), "audio/opus", kNames);
  ASSERT_TRUE(chosen) << chosen.error().message;
  EXPECT_FALSE(chosen->rtx);
  EXPECT_FALSE(chosen->stream.keep_sent);
}

TEST(ReceiveCapabilities, AreTheRoutersThatThisClientReads) {
  json::value router = RouterWithRtx();
  router.as_object()["codecs"].as_array().push_back(json::parse(
      R"({"kind": "video", "mimeType": "video/H264", "clockRate": 90000,
          "preferredPayloadType": 98})"));
  const json::value chosen = ReceiveCapabilities(router);
  std::vector<std::string> codecs;
  for (const json::value& codec : chosen.at("codecs").as_array()) {
    codecs.emplace_back(codec.at("mimeType").as_string());
  }
  EXPECT_EQ(codecs, (std::vector<std::string>{"audio/opus", "video/VP8", "video/rtx"}));
  EXPECT_EQ(chosen.at("codecs").at(2).at("preferredPayloadType"), 97);
  EXPECT_EQ(chosen.at("headerExtensions").as_array().size(), 3u);
}

json::value ConsumerEntry() {
  return json::parse(R"({
    "id": "c1", "producerId": "p1", "kind": "video",
    "rtpParameters": {
      "codecs": [{"mimeType": "video/VP8", "payloadType": 96, "clockRate": 90000},
                 {"mimeType": "video/rtx", "payloadType": 97, "clockRate": 90000,
                  "parameters": {"apt": 96}}],
      "headerExtensions": [
        {"uri": "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time", "id": 9},
        {"uri": "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time", "id": 10},
        {"uri": "urn:example:unknown", "id": 3}],
      "encodings": [{"ssrc": 11, "rtx": {"ssrc": 12}}]}})");
}

TEST(ReceiveParameters, ReadsAConsumer) {
  const auto read = ParseConsumer(ConsumerEntry());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->consumer_id, "c1");
  EXPECT_EQ(read->producer_id, "p1");
  EXPECT_EQ(read->kind, rtc::MediaKind::kVideo);
  EXPECT_EQ(read->ssrc, rtc::Ssrc(11));
  EXPECT_EQ(read->rtx_ssrc, rtc::Ssrc(12));
  EXPECT_EQ(read->payload_type, rtc::PayloadType(96));
  EXPECT_EQ(read->clock_rate_hz, 90'000u);
  EXPECT_EQ(read->extensions.IdOf(rtc::RtpExtension::kAbsCaptureTime), 9);
}

TEST(ReceiveParameters, SaysWhatIsMissing) {
  for (const std::string_view field : {"id", "producerId", "kind", "rtpParameters"}) {
    for (const json::value& instead : {json::value(), json::value(5), json::value("?")}) {
      if (instead == json::value("?") && field.ends_with('d') && field != "kind") continue;
      json::value entry = ConsumerEntry();
      entry.as_object()[field] = instead;
      EXPECT_FALSE(ParseConsumer(entry)) << field << " " << instead;
    }
  }
  for (const std::string_view field : {"codecs", "encodings"}) {
    for (const std::string_view text : {"[]", "[{}]", "[5]", "{}"}) {
      json::value entry = ConsumerEntry();
      entry.as_object()["rtpParameters"].as_object()[field] = json::parse(text);
      EXPECT_FALSE(ParseConsumer(entry)) << field << " " << text;
    }
  }
  EXPECT_FALSE(ParseConsumer(json::value("text")));
}

}  // namespace
}  // namespace confab::client
