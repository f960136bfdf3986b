#include "app/rtp/received_stream.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <iterator>
#include <string>

#include "client/signaling/json_fields.h"

namespace confab::app {
namespace {

namespace json = boost::json;
using client::Find;
using client::ListOf;
using client::NumberOf;
using client::TextOf;

bool IsRtx(const json::value& codec) {
  return TextOf(codec, "mimeType").ends_with("/rtx");
}

// "key=value;…"
std::string FmtpOf(const json::value& codec) {
  std::string fmtp;
  const json::value* parameters = Find(codec, "parameters");
  if (parameters == nullptr || !parameters->is_object()) return fmtp;
  for (const auto& [key, value] : parameters->get_object()) {
    const json::string* text = value.if_string();
    const std::string shown = text != nullptr ? std::string(*text) : json::serialize(value);
    fmt::format_to(std::back_inserter(fmtp), "{}{}={}", fmtp.empty() ? "" : ";",
                   std::string_view(key), shown);
  }
  return fmtp;
}

bool IsPausedPicture(const json::value& producer) {
  const json::value* paused = Find(producer, "paused");
  const bool* is_paused = paused == nullptr ? nullptr : paused->if_bool();
  return TextOf(producer, "kind") == "video" && is_paused != nullptr && *is_paused;
}

std::unexpected<Error> Missing(std::string_view what) {
  return Fail(ErrorCode::kInvalidMessage, fmt::format("consume: the answer has no {}", what));
}

}  // namespace

json::object PlainCapabilities(const json::value& router_capabilities) {
  json::array codecs;
  for (const json::value& codec : ListOf(router_capabilities, "codecs")) {
    if (IsRtx(codec) || !codec.is_object()) continue;
    json::object plain = codec.get_object();
    plain["rtcpFeedback"] = json::array();
    codecs.push_back(std::move(plain));
  }
  return {{"codecs", std::move(codecs)}, {"headerExtensions", json::array()}};
}

Result<PlainStream> ParseReceivedStream(const json::value& entry) {
  const json::value* parameters = Find(entry, "rtpParameters");
  if (parameters == nullptr) return Missing("rtpParameters");
  const json::array& codecs = ListOf(*parameters, "codecs");
  const json::array& encodings = ListOf(*parameters, "encodings");
  if (codecs.empty() || encodings.empty()) return Missing("codec and encoding");
  const json::value& codec = codecs.front();
  const std::string_view mime_type = TextOf(codec, "mimeType");
  const auto payload_type = NumberOf(codec, "payloadType", 127);
  const auto clock_rate = NumberOf(codec, "clockRate");
  const auto ssrc = NumberOf(encodings.front(), "ssrc");
  const size_t slash = mime_type.find('/');
  if (slash == mime_type.npos) return Missing("mimeType");
  if (!payload_type || !clock_rate || !ssrc) return Missing("payloadType, clockRate and ssrc");
  PlainStream stream;
  stream.kind = mime_type.starts_with("audio/") ? rtc::MediaKind::kAudio : rtc::MediaKind::kVideo;
  stream.codec = mime_type.substr(slash + 1);
  stream.payload_type = *payload_type;
  stream.clock_rate_hz = *clock_rate;
  stream.channels = NumberOf(codec, "channels").value_or(1);
  stream.fmtp = FmtpOf(codec);
  stream.ssrc = *ssrc;
  if (const json::value* rtcp = Find(*parameters, "rtcp")) stream.cname = TextOf(*rtcp, "cname");
  return stream;
}

ChosenProducers ChooseProducers(const json::value& producers, std::string_view participant_id,
                                size_t most) {
  ChosenProducers chosen;
  const json::array* list = producers.if_array();
  if (list == nullptr) return chosen;
  for (const json::value& producer : *list) {
    if (TextOf(producer, "participantId") != participant_id) continue;
    if (IsPausedPicture(producer)) continue;
    if (chosen.ids.size() == most) {
      ++chosen.left_out;
    } else {
      chosen.ids.emplace_back(TextOf(producer, "producerId"));
    }
  }
  return chosen;
}

}  // namespace confab::app
