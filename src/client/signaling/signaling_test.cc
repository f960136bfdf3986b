#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

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

TEST(PublishParameters, TakesCodecAndExtensionsAsTheRouterOffersThem) {
  const auto chosen =
      ChooseParameters(RouterCapabilities(), "video/vp8", rtc::Ssrc(1234), "0", "someone");
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
  const auto chosen =
      ChooseParameters(RouterCapabilities(), "video/AV1", rtc::Ssrc(1), "0", "someone");
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().message, "the server does not take video/AV1");
  EXPECT_FALSE(ChooseParameters(json::value(), "video/VP8", rtc::Ssrc(1), "0", "someone"));
}

}  // namespace
}  // namespace confab::client
