#include "client/signaling/publish_parameters.h"

#include <fmt/format.h>

#include "client/signaling/json_fields.h"
#include "client/signaling/router_codecs.h"

namespace confab::client {
namespace {

namespace json = boost::json;
using rtc::RtpExtension;

// A stream's RTP time is computed in 64 bits: months of it at this rate.
constexpr uint32_t kMaxClockRate = 1'000'000;

json::object CodecParameters(const json::value& codec, uint32_t payload_type) {
  json::object parameters{{"payloadType", payload_type}};
  for (const std::string_view field :
       {"mimeType", "clockRate", "channels", "parameters", "rtcpFeedback"}) {
    if (const json::value* value = Find(codec, field)) parameters[field] = *value;
  }
  return parameters;
}

// The router's ids go into `map`, their description into the result.
json::array ChooseExtensions(const json::value& capabilities, std::string_view kind,
                             rtc::ExtensionMap& map) {
  json::array chosen;
  for (const json::value& offered : ListOf(capabilities, "headerExtensions")) {
    const auto extension = rtc::ExtensionFromUri(TextOf(offered, "uri"));
    const auto id = NumberOf(offered, "preferredId", rtc::ExtensionMap::kMaxId);
    const bool filled_in = extension == RtpExtension::kTransportSequenceNumber ||
                           extension == RtpExtension::kAbsSendTime ||
                           extension == RtpExtension::kAbsCaptureTime ||
                           extension == RtpExtension::kMid;
    if (TextOf(offered, "kind") != kind || !filled_in || !id) continue;
    if (!map.Add(static_cast<uint8_t>(*id), *extension)) continue;
    chosen.push_back({{"uri", TextOf(offered, "uri")}, {"id", *id}});
  }
  return chosen;
}

// Adds the repetitions of what is chosen to it.
void ChooseRtx(const json::value& capabilities, rtc::Ssrc ssrc, PublishParameters& chosen) {
  const uint32_t media_type = chosen.stream.payload_type.value();
  const json::value* codec = FindRtx(capabilities, media_type);
  const auto payload_type =
      codec == nullptr ? std::nullopt : NumberOf(*codec, "preferredPayloadType", kMaxPayloadType);
  if (!payload_type) return;
  chosen.rtx = chosen.stream;
  chosen.rtx->ssrc = ssrc;
  chosen.rtx->payload_type = rtc::PayloadType(static_cast<uint8_t>(*payload_type));
  chosen.stream.keep_sent = true;
  json::object parameters = CodecParameters(*codec, *payload_type);
  parameters["parameters"] = json::object{{"apt", media_type}};
  chosen.rtp_parameters["codecs"].as_array().push_back(std::move(parameters));
  json::object& encoding = chosen.rtp_parameters["encodings"].as_array()[0].as_object();
  encoding["rtx"] = json::object{{"ssrc", ssrc.value()}};
}

}  // namespace

Result<PublishParameters> ChooseParameters(const json::value& capabilities,
                                           std::string_view mime_type, const StreamNames& names) {
  const json::value* codec = FindCodec(capabilities, mime_type);
  const auto payload_type =
      codec == nullptr ? std::nullopt : NumberOf(*codec, "preferredPayloadType", kMaxPayloadType);
  const auto clock_rate =
      codec == nullptr ? std::nullopt : NumberOf(*codec, "clockRate", kMaxClockRate);
  if (!payload_type || clock_rate.value_or(0) == 0) {
    return Fail(ErrorCode::kUnsupportedParameters,
                fmt::format("the server does not take {}", mime_type));
  }
  PublishParameters chosen;
  chosen.clock_rate_hz = *clock_rate;
  chosen.stream.ssrc = names.ssrc;
  chosen.stream.payload_type = rtc::PayloadType(static_cast<uint8_t>(*payload_type));
  chosen.stream.mid = names.mid;
  json::array extensions =
      ChooseExtensions(capabilities, TextOf(*codec, "kind"), chosen.stream.extensions);
  chosen.rtp_parameters = {
      {"mid", names.mid},
      {"codecs", json::array{CodecParameters(*codec, *payload_type)}},
      {"headerExtensions", std::move(extensions)},
      {"encodings", json::array{json::object{{"ssrc", names.ssrc.value()}}}},
      {"rtcp", {{"cname", names.cname}, {"reducedSize", true}, {"mux", true}}},
  };
  ChooseRtx(capabilities, names.rtx_ssrc, chosen);
  return chosen;
}

}  // namespace confab::client
