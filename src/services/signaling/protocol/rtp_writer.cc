#include "services/signaling/protocol/rtp_writer.h"

#include <charconv>
#include <map>
#include <string>

namespace confab::signaling {
namespace {

namespace pb = media::v1;

template <typename Message>
json::array ToArray(const google::protobuf::RepeatedPtrField<Message>& messages,
                    json::object (*to_json)(const Message&)) {
  json::array array;
  array.reserve(static_cast<size_t>(messages.size()));
  for (const Message& message : messages) array.push_back(to_json(message));
  return array;
}

json::array FeedbackArray(const google::protobuf::RepeatedPtrField<pb::RtcpFeedback>& feedback) {
  json::array array;
  for (const pb::RtcpFeedback& entry : feedback) {
    array.push_back({{"type", entry.type()}, {"parameter", entry.parameter()}});
  }
  return array;
}

json::object CodecParameters(const google::protobuf::Map<std::string, std::string>& parameters) {
  // Sorted: equal parameters give equal text.
  const std::map<std::string, std::string> sorted(parameters.begin(), parameters.end());
  json::object object;
  for (const auto& [name, value] : sorted) object[name] = CodecParameterValue(value);
  return object;
}

json::object CodecJson(const pb::RtpCodecParameters& codec) {
  json::object object{{"mimeType", codec.mime_type()},
                      {"payloadType", codec.payload_type()},
                      {"clockRate", codec.clock_rate()}};
  if (codec.has_channels()) object["channels"] = codec.channels();
  object["parameters"] = CodecParameters(codec.parameters());
  object["rtcpFeedback"] = FeedbackArray(codec.rtcp_feedback());
  return object;
}

json::object ExtensionJson(const pb::RtpHeaderExtensionParameters& extension) {
  return {{"uri", extension.uri()},
          {"id", extension.id()},
          {"encrypt", extension.encrypt()},
          {"parameters", json::object()}};
}

json::object EncodingJson(const pb::RtpEncodingParameters& encoding) {
  json::object object;
  if (encoding.has_ssrc()) object["ssrc"] = encoding.ssrc();
  if (encoding.has_rid()) object["rid"] = encoding.rid();
  if (encoding.has_codec_payload_type()) object["codecPayloadType"] = encoding.codec_payload_type();
  if (encoding.has_rtx_ssrc()) object["rtx"] = json::object{{"ssrc", encoding.rtx_ssrc()}};
  if (encoding.has_dtx()) object["dtx"] = encoding.dtx();
  if (encoding.has_scalability_mode()) object["scalabilityMode"] = encoding.scalability_mode();
  if (encoding.has_max_bitrate()) object["maxBitrate"] = encoding.max_bitrate();
  return object;
}

json::object OfferedExtensionJson(const pb::RtpHeaderExtension& extension) {
  return {{"kind", extension.kind()},
          {"uri", extension.uri()},
          {"preferredId", extension.preferred_id()},
          {"preferredEncrypt", extension.preferred_encrypt()},
          {"direction", extension.direction().empty() ? "sendrecv" : extension.direction()}};
}

}  // namespace

json::value CodecParameterValue(std::string_view text) {
  constexpr size_t kMaxDigits = 15;  // always exact in a double
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool canonical =
      !digits.empty() && digits.size() <= kMaxDigits && (digits[0] != '0' || text == "0");
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (canonical && error == std::errc() && end == text.data() + text.size()) return number;
  return json::value(json::string(text));
}

json::object ToJson(const pb::RtpCodecCapability& codec) {
  json::object object{{"kind", codec.kind()}, {"mimeType", codec.mime_type()}};
  if (codec.has_preferred_payload_type()) {
    object["preferredPayloadType"] = codec.preferred_payload_type();
  }
  object["clockRate"] = codec.clock_rate();
  if (codec.has_channels()) object["channels"] = codec.channels();
  object["parameters"] = CodecParameters(codec.parameters());
  object["rtcpFeedback"] = FeedbackArray(codec.rtcp_feedback());
  return object;
}

json::object ToJson(const pb::RtpCapabilities& capabilities) {
  return {{"codecs", ToArray<pb::RtpCodecCapability>(capabilities.codecs(), ToJson)},
          {"headerExtensions", ToArray(capabilities.header_extensions(), OfferedExtensionJson)}};
}

json::object ToJson(const pb::RtpParameters& parameters) {
  json::object object;
  if (!parameters.mid().empty()) object["mid"] = parameters.mid();
  object["codecs"] = ToArray(parameters.codecs(), CodecJson);
  object["headerExtensions"] = ToArray(parameters.header_extensions(), ExtensionJson);
  object["encodings"] = ToArray(parameters.encodings(), EncodingJson);
  object["rtcp"] = json::object{{"cname", parameters.rtcp().cname()},
                                {"reducedSize", parameters.rtcp().reduced_size()}};
  return object;
}

json::object ToJson(const pb::IceParameters& parameters) {
  return {{"usernameFragment", parameters.username_fragment()},
          {"password", parameters.password()},
          {"iceLite", parameters.ice_lite()}};
}

json::object ToJson(const pb::IceCandidate& candidate) {
  json::object object{{"foundation", candidate.foundation()},
                      {"priority", candidate.priority()},
                      {"ip", candidate.ip()},
                      {"address", candidate.ip()},
                      {"protocol", candidate.protocol()},
                      {"port", candidate.port()},
                      {"type", candidate.type()}};
  if (!candidate.tcp_type().empty()) object["tcpType"] = candidate.tcp_type();
  return object;
}

json::object ToJson(const pb::DtlsParameters& parameters) {
  json::array fingerprints;
  for (const pb::DtlsFingerprint& fingerprint : parameters.fingerprints()) {
    fingerprints.push_back(
        {{"algorithm", fingerprint.algorithm()}, {"value", fingerprint.value()}});
  }
  return {{"role", parameters.role().empty() ? "auto" : parameters.role()},
          {"fingerprints", std::move(fingerprints)}};
}

namespace {

json::object TupleJson(const pb::TransportTuple& tuple) {
  json::object object{{"localAddress", tuple.local_ip()}, {"localPort", tuple.local_port()}};
  if (!tuple.remote_ip().empty()) {
    object["remoteIp"] = tuple.remote_ip();
    object["remotePort"] = tuple.remote_port();
  }
  object["protocol"] = tuple.protocol();
  return object;
}

}  // namespace

template <typename Response>
json::object PlainTransportJson(const Response& response) {
  json::object object{{"tuple", TupleJson(response.tuple())}};
  if (response.has_rtcp_tuple()) object["rtcpTuple"] = TupleJson(response.rtcp_tuple());
  if (response.has_srtp_parameters()) {
    object["srtpParameters"] = {{"cryptoSuite", response.srtp_parameters().crypto_suite()},
                                {"keyBase64", response.srtp_parameters().key_base64()}};
  }
  return object;
}

template json::object PlainTransportJson(const pb::CreatePlainTransportResponse& response);
template json::object PlainTransportJson(const pb::ConnectPlainTransportResponse& response);

}  // namespace confab::signaling
