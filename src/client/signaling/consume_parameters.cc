#include "client/signaling/consume_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "client/signaling/json_fields.h"
#include "client/signaling/router_codecs.h"

namespace confab::client {
namespace {

namespace json = boost::json;
using rtc::RtpExtension;

constexpr std::array kRead = {RtpExtension::kMid, RtpExtension::kTransportSequenceNumber,
                              RtpExtension::kAbsCaptureTime};

void AddCodec(const json::value& capabilities, std::string_view mime_type, json::array& out) {
  const json::value* codec = FindCodec(capabilities, mime_type);
  if (codec == nullptr) return;
  out.push_back(*codec);
  const auto payload_type = NumberOf(*codec, "preferredPayloadType", kMaxPayloadType);
  const json::value* rtx = payload_type ? FindRtx(capabilities, *payload_type) : nullptr;
  if (rtx != nullptr) out.push_back(*rtx);
}

std::unexpected<Error> ConsumerLacks(std::string_view what) {
  return Fail(ErrorCode::kInvalidMessage, fmt::format("the server's consumer has no {}", what));
}

// The media codec stands first, its RTX behind it.
bool ReadCodec(const json::value& rtp, ReceiveParameters& out) {
  const json::array& codecs = ListOf(rtp, "codecs");
  if (codecs.empty()) return false;
  const auto payload_type = NumberOf(codecs[0], "payloadType", kMaxPayloadType);
  out.clock_rate_hz = NumberOf(codecs[0], "clockRate").value_or(0);
  if (!payload_type || out.clock_rate_hz == 0) return false;
  out.payload_type = rtc::PayloadType(static_cast<uint8_t>(*payload_type));
  return true;
}

bool ReadEncoding(const json::value& rtp, ReceiveParameters& out) {
  const json::array& encodings = ListOf(rtp, "encodings");
  const auto ssrc = encodings.empty() ? std::nullopt : NumberOf(encodings[0], "ssrc");
  if (!ssrc) return false;
  out.ssrc = rtc::Ssrc(*ssrc);
  const json::value* rtx = Find(encodings[0], "rtx");
  const auto rtx_ssrc = rtx == nullptr ? std::nullopt : NumberOf(*rtx, "ssrc");
  if (rtx_ssrc) out.rtx_ssrc = rtc::Ssrc(*rtx_ssrc);
  return true;
}

void ReadExtensions(const json::value& rtp, rtc::ExtensionMap& out) {
  for (const json::value& each : ListOf(rtp, "headerExtensions")) {
    const auto extension = rtc::ExtensionFromUri(TextOf(each, "uri"));
    const auto id = NumberOf(each, "id", rtc::ExtensionMap::kMaxId);
    // One that is named twice stays as it was named first.
    if (extension && id) (void)out.Add(static_cast<uint8_t>(*id), *extension);
  }
}

}  // namespace

json::object ReceiveCapabilities(const json::value& router_capabilities) {
  json::array codecs;
  AddCodec(router_capabilities, "audio/opus", codecs);
  AddCodec(router_capabilities, "video/VP8", codecs);
  json::array extensions;
  for (const json::value& offered : ListOf(router_capabilities, "headerExtensions")) {
    const auto extension = rtc::ExtensionFromUri(TextOf(offered, "uri"));
    if (extension && std::ranges::find(kRead, *extension) != kRead.end())
      extensions.push_back(offered);
  }
  return {{"codecs", std::move(codecs)}, {"headerExtensions", std::move(extensions)}};
}

Result<ReceiveParameters> ParseConsumer(const json::value& entry) {
  ReceiveParameters parameters;
  parameters.consumer_id = TextOf(entry, "id");
  parameters.producer_id = TextOf(entry, "producerId");
  if (parameters.consumer_id.empty()) return ConsumerLacks("id");
  if (parameters.producer_id.empty()) return ConsumerLacks("producerId");
  const std::string_view kind = TextOf(entry, "kind");
  if (kind != "audio" && kind != "video") return ConsumerLacks("kind");
  parameters.kind = kind == "video" ? rtc::MediaKind::kVideo : rtc::MediaKind::kAudio;
  const json::value* rtp = Find(entry, "rtpParameters");
  if (rtp == nullptr) return ConsumerLacks("rtpParameters");
  if (!ReadCodec(*rtp, parameters)) return ConsumerLacks("codec with payload type and clock rate");
  if (!ReadEncoding(*rtp, parameters)) return ConsumerLacks("ssrc");
  ReadExtensions(*rtp, parameters.extensions);
  return parameters;
}

}  // namespace confab::client
