#include "services/signaling/protocol/requests.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/testing/error_of.h"

namespace confab::signaling {
namespace {

std::string Fingerprint() {
  std::string value = "00";
  for (int i = 1; i < 32; ++i) value += ":AB";
  return value;
}

json::value Join() {
  const json::value dtls{
      {"dtlsParameters",
       {{"role", "auto"},
        {"fingerprints", json::array{{{"algorithm", "sha-256"}, {"value", Fingerprint()}}}}}}};
  return {{"room", "r"},
          {"name", " A  B "},
          {"rtpCapabilities", {{"codecs", json::array()}, {"headerExtensions", json::array()}}},
          {"transports", {{"send", dtls}, {"recv", dtls}}},
          {"view", {{"width", 800}, {"height", 600.5}, {"pixelRatio", 2}}},
          {"future", {{"deep", json::array{1, 2, 3}}}}};
}

TEST(ParseJoin, ReadsAQuickJoinAndIgnoresWhatItDoesNotKnow) {
  const Result<JoinRequest> request = ParseJoin(Join());
  ASSERT_TRUE(request.has_value()) << request.error().message;
  EXPECT_EQ(request->room, "r");
  EXPECT_EQ(request->name, "A B");
  EXPECT_TRUE(request->transports.has_value());
  EXPECT_EQ(request->transports->send.fingerprints(0).value(), Fingerprint());
  EXPECT_EQ(request->view->height, 600.5);
}

TEST(ParseJoin, NeedsNoMoreThanARoomForTheClassicFlow) {
  const Result<JoinRequest> request = ParseJoin({{"room", "r"}});
  ASSERT_TRUE(request.has_value());
  EXPECT_FALSE(request->transports.has_value());
  EXPECT_EQ(request->name, "");
}

TEST(ParseJoin, TakesTheTraceAndLeavesOutABrokenOne) {
  json::value payload = Join();
  EXPECT_EQ(ParseJoin(payload)->trace, "");
  payload.as_object()["traceparent"] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  EXPECT_EQ(ParseJoin(payload)->trace, "4bf92f3577b34da6a3ce929d0e0e4736");
  for (const char* broken : {"", "00-4bf9", "no trace at all"}) {
    payload.as_object()["traceparent"] = broken;
    const Result<JoinRequest> request = ParseJoin(payload);
    ASSERT_TRUE(request.has_value()) << broken;
    EXPECT_EQ(request->trace, "") << broken;
  }
  payload.as_object()["traceparent"] = 7;
  EXPECT_TRUE(ErrorOf(ParseJoin(payload)).message.starts_with("traceparent"));
  payload.as_object()["traceparent"] = std::string(257, '0');
  EXPECT_TRUE(ErrorOf(ParseJoin(payload)).message.starts_with("traceparent"));
}

TEST(ParseJoin, NeedsCapabilitiesForAQuickJoin) {
  json::value payload = Join();
  payload.as_object().erase("rtpCapabilities");
  EXPECT_EQ(ErrorOf(ParseJoin(payload)).message,
            "rtpCapabilities is missing: it must be an object");
}

TEST(ParseJoin, RefusesEachFieldOfTheWrongType) {
  for (const char* pointer :
       {"/room", "/name", "/rtpCapabilities", "/rtpCapabilities/codecs",
        "/rtpCapabilities/headerExtensions", "/transports", "/transports/send", "/transports/recv",
        "/transports/send/dtlsParameters", "/transports/send/dtlsParameters/role",
        "/transports/send/dtlsParameters/fingerprints",
        "/transports/recv/dtlsParameters/fingerprints/0/algorithm",
        "/transports/recv/dtlsParameters/fingerprints/0/value", "/view", "/view/width",
        "/view/height", "/view/pixelRatio"}) {
    for (const json::value& wrong : {json::value(false), json::value(json::array{-1})}) {
      json::value payload = Join();
      payload.at_pointer(pointer) = wrong;
      const Result<JoinRequest> request = ParseJoin(payload);
      ASSERT_FALSE(request.has_value()) << pointer;
      EXPECT_EQ(request.error().code, ErrorCode::kInvalidMessage);
      std::string path(pointer + 1);
      for (char& c : path) c = c == '/' ? '.' : c;
      if (const size_t at = path.find(".0"); at != std::string::npos) path.replace(at, 2, "[0]");
      EXPECT_TRUE(request.error().message.starts_with(path)) << request.error().message;
    }
  }
}

TEST(ParseJoin, SurvivesEveryTruncationOfItsText) {
  const std::string text = json::serialize(Join());
  size_t parsed = 0;
  for (size_t length = 0; length <= text.size(); ++length) {
    boost::system::error_code error;
    const json::value payload = json::parse(text.substr(0, length), error);
    if (error) continue;
    ++parsed;
    EXPECT_TRUE(ParseJoin(payload).has_value());
  }
  EXPECT_EQ(parsed, 1u);
}

TEST(ParseJoin, SurvivesTheLossOfEachField) {
  const std::function<void(json::value&, json::value&, int&)> erase_one =
      [&](json::value& root, json::value& node, int& count) {
        if (json::object* object = node.if_object()) {
          const json::object copy = *object;
          for (const auto& [key, value] : copy) {
            object->erase(key);
            const Result<JoinRequest> request = ParseJoin(root);
            if (!request) {
              EXPECT_EQ(request.error().code, ErrorCode::kInvalidMessage);
            }
            ++count;
            *object = copy;
          }
          for (auto& [key, value] : *object) erase_one(root, value, count);
        } else if (json::array* array = node.if_array()) {
          for (json::value& value : *array) erase_one(root, value, count);
        }
      };
  json::value payload = Join();
  int count = 0;
  erase_one(payload, payload, count);
  EXPECT_GT(count, 15);
}

TEST(ParseProduce, DerivesTheSourceAndKeepsItToTheKind) {
  json::object payload{
      {"transportId", "t"},
      {"kind", "video"},
      {"rtpParameters",
       {{"codecs",
         json::array{{{"mimeType", "video/VP8"}, {"payloadType", 96}, {"clockRate", 90000}}}},
        {"encodings", json::array{json::object()}}}}};
  EXPECT_EQ(ParseProduce(payload)->source, Source::kCamera);
  EXPECT_EQ(ParseProduce(payload)->own_id, "");
  payload["source"] = "screen";
  EXPECT_EQ(ParseProduce(payload)->source, Source::kScreen);
  payload["source"] = "microphone";
  EXPECT_FALSE(ParseProduce(payload).has_value());
  payload["source"] = nullptr;
  payload["id"] = std::string(36, 'x');
  EXPECT_EQ(ParseProduce(payload)->own_id.size(), 36u);
  payload["id"] = std::string(37, 'x');
  EXPECT_FALSE(ParseProduce(payload).has_value());
}

TEST(ParseCreateTransport, UnderstandsBothWaysToNameTheDirection) {
  const auto direction = [](json::object payload) {
    return ParseCreateTransport(payload)->direction;
  };
  EXPECT_EQ(direction({{"direction", "send"}}), Direction::kSend);
  EXPECT_EQ(direction({{"producing", true}, {"consuming", false}}), Direction::kSend);
  EXPECT_EQ(direction({{"producing", false}, {"consuming", true}}), Direction::kRecv);
  EXPECT_EQ(direction({{"producing", true}, {"consuming", true}}), std::nullopt);
  EXPECT_EQ(direction({}), std::nullopt);
}

TEST(ParseCreatePlainTransport, HasMediasoupsDefaults) {
  const auto request = ParseCreatePlainTransport(json::object());
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->direction, std::nullopt);
  EXPECT_TRUE(request->rtcp_mux);
  EXPECT_FALSE(request->comedia);
  EXPECT_EQ(request->srtp_crypto_suite, "");
  EXPECT_EQ(ParseCreatePlainTransport({{"enableSrtp", true}})->srtp_crypto_suite,
            "AES_CM_128_HMAC_SHA1_80");
  EXPECT_EQ(
      ParseCreatePlainTransport({{"enableSrtp", true}, {"srtpCryptoSuite", "AEAD_AES_128_GCM"}})
          ->srtp_crypto_suite,
      "AEAD_AES_128_GCM");
  // Without enableSrtp the suite says nothing, as in mediasoup.
  EXPECT_EQ(ParseCreatePlainTransport({{"srtpCryptoSuite", "AEAD_AES_128_GCM"}})->srtp_crypto_suite,
            "");
  EXPECT_FALSE(ParseCreatePlainTransport({{"srtpCryptoSuite", "NULL"}}).has_value());
}

TEST(ParseConnectPlainTransport, ReadsAddressAndKeys) {
  const json::object keys{{"cryptoSuite", "AES_CM_128_HMAC_SHA1_80"},
                          {"keyBase64", std::string(40, 'A')}};
  const auto request = ParseConnectPlainTransport({{"transportId", "t"},
                                                   {"ip", "127.0.0.1"},
                                                   {"port", 5004},
                                                   {"rtcpPort", 5005},
                                                   {"srtpParameters", keys}});
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->ip, "127.0.0.1");
  EXPECT_EQ(request->port, 5004);
  EXPECT_EQ(request->rtcp_port, 5005);
  ASSERT_TRUE(request->srtp);
  EXPECT_EQ(request->srtp->key_base64(), std::string(40, 'A'));
  EXPECT_FALSE(ParseConnectPlainTransport({{"transportId", "t"}})->srtp);
}

TEST(ParseProtocolRange, TakesAClientThatNamesNoneForVersionOne) {
  const Result<ProtocolRange> range = ParseProtocolRange({});
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(range->min, 1);
  EXPECT_EQ(range->max, 1);
  EXPECT_FALSE(ParseProtocolRange({{"protocol", "1"}}).has_value());
}

}  // namespace
}  // namespace confab::signaling
