#include "client/signaling/publish_parameters.h"

#include <fmt/format.h>

#include <boost/algorithm/string/predicate.hpp>

#include "client/signaling/json_fields.h"

namespace confab::client {
namespace {

namespace json = boost::json;
using rtc::RtpExtension;

constexpr uint32_t kMaxPayloadType = 127;
// A stream's RTP time is computed in 64 bits: months of it at this rate.
constexpr uint32_t kMaxClockRate = 1'000'000;

const json::value* FindCodec(const json::value& capabilities, std::string_view mime_type) {
  for (const json::value& codec : ListOf(capabilities, "codecs")) {
    if (boost::algorithm::iequals(TextOf(codec, "mimeType"), mime_type)) return &codec;
  }
  return nullptr;
}

json::object CodecParameters(const json::value& codec, uint32_t payload_type) {
  json::object parameters{{"payloadType", payload_type}};
  for (const std::string_view field : {"mimeType", "clockRate", "channels", "rtcpFeedback"}) {
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
                           extension == RtpExtension::kMid;
    if (TextOf(offered, "kind") != kind || !filled_in || !id) continue;
    if (!map.Add(static_cast<uint8_t>(*id), *extension)) continue;
    chosen.push_back({{"uri", TextOf(offered, "uri")}, {"id", *id}});
  }
  return chosen;
}

}  // namespace

Result<PublishParameters> ChooseParameters(const json::value& capabilities,
                                           std::string_view mime_type, rtc::Ssrc ssrc,
                                           std::string_view mid, std::string_view cname) {
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
  chosen.stream.ssrc = ssrc;
  chosen.stream.payload_type = rtc::PayloadType(static_cast<uint8_t>(*payload_type));
  chosen.stream.mid = mid;
  json::array extensions =
      ChooseExtensions(capabilities, TextOf(*codec, "kind"), chosen.stream.extensions);
  chosen.rtp_parameters = {
      {"mid", mid},
      {"codecs", json::array{CodecParameters(*codec, *payload_type)}},
      {"headerExtensions", std::move(extensions)},
      {"encodings", json::array{json::object{{"ssrc", ssrc.value()}}}},
      {"rtcp", {{"cname", cname}, {"reducedSize", true}, {"mux", true}}},
  };
  return chosen;
}

}  // namespace confab::client
