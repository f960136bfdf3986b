#include "sfu/parameters/consumer_parameters.h"

#include <fmt/core.h>

#include <algorithm>

#include "sfu/parameters/codec.h"
#include "sfu/parameters/header_extensions.h"
#include "sfu/parameters/matching.h"
#include "sfu/parameters/scalability_mode.h"

namespace confab::sfu {
namespace {

const RtpCodecCapability* FindReceiverCodec(const RtpCodecParameters& codec,
                                            const RtpCapabilities& receiver) {
  const auto found = std::ranges::find_if(receiver.codecs, [&](const RtpCodecCapability& known) {
    return MatchCodecs(ViewOf(known), ViewOf(codec));
  });
  return found == receiver.codecs.end() ? nullptr : &*found;
}

// The receiver ties RTX to its own number of the codec, which need not be the router's.
bool ReceiverRepairs(const RtpCapabilities& receiver, const RtpCodecCapability& codec) {
  return codec.preferred_payload_type &&
         FindRtx(receiver.codecs, *codec.preferred_payload_type) != nullptr;
}

// A plain NACK asks for what only RTX can bring.
void DropPlainNack(std::vector<RtcpFeedback>& feedback) {
  std::erase(feedback, RtcpFeedback{"nack", ""});
}

// A media codec and, where both have it, its RTX; nothing where the receiver does not know it.
std::vector<RtpCodecParameters> ReceivedForms(const RtpCodecParameters& media,
                                              const RtpParameters& consumable,
                                              const RtpCapabilities& receiver) {
  const RtpCodecCapability* match = FindReceiverCodec(media, receiver);
  if (match == nullptr) return {};
  std::vector<RtpCodecParameters> forms{media};
  forms[0].rtcp_feedback = CommonFeedback(media.rtcp_feedback, match->rtcp_feedback);
  const RtpCodecParameters* rtx = FindRtx(consumable.codecs, media.payload_type);
  if (rtx != nullptr && ReceiverRepairs(receiver, *match)) {
    forms.push_back(*rtx);
  } else {
    DropPlainNack(forms[0].rtcp_feedback);
  }
  return forms;
}

std::vector<RtpCodecParameters> ReceivedCodecs(const RtpParameters& consumable,
                                               const RtpCapabilities& receiver) {
  std::vector<RtpCodecParameters> codecs;
  for (const RtpCodecParameters& codec : consumable.codecs) {
    if (IsRtx(codec.mime_type)) continue;
    std::ranges::move(ReceivedForms(codec, consumable, receiver), std::back_inserter(codecs));
  }
  return codecs;
}

std::vector<RtpHeaderExtensionParameters> ReceivedExtensions(const RtpParameters& consumable,
                                                             rtc::MediaKind kind,
                                                             const RtpCapabilities& receiver) {
  std::vector<RtpHeaderExtensionParameters> extensions;
  for (const RtpHeaderExtensionParameters& extension : consumable.header_extensions) {
    const auto knows = [&](const RtpHeaderExtension& known) {
      return known.kind == kind && known.uri == extension.uri && known.preferred_id == extension.id;
    };
    if (std::ranges::any_of(receiver.header_extensions, knows)) extensions.push_back(extension);
  }
  return extensions;
}

// At most one way of estimating bandwidth: the one whose header extension the receiver has.
void KeepOneEstimator(RtpParameters& parameters) {
  const rtc::ExtensionMap ids = MapOf(parameters.header_extensions);
  const bool transport_cc = ids.IdOf(rtc::RtpExtension::kTransportSequenceNumber) != 0;
  const bool remb = !transport_cc && ids.IdOf(rtc::RtpExtension::kAbsSendTime) != 0;
  for (RtpCodecParameters& codec : parameters.codecs) {
    std::erase_if(codec.rtcp_feedback, [&](const RtcpFeedback& feedback) {
      return (feedback.type == "transport-cc" && !transport_cc) ||
             (feedback.type == "goog-remb" && !remb);
    });
  }
}

// The layers that the consumer can switch between, as if they were in its one stream.
std::string LayersOf(const std::vector<RtpEncodingParameters>& encodings) {
  const auto layered = std::ranges::find_if(
      encodings, [](const auto& encoding) { return !encoding.scalability_mode.empty(); });
  const std::string mode = layered == encodings.end() ? "" : layered->scalability_mode;
  if (encodings.size() < 2) return mode;
  const auto parsed = ParseScalabilityMode(mode).value_or(ScalabilityMode{});
  return ToScalabilityMode(static_cast<uint8_t>(encodings.size()), parsed.temporal_layers);
}

uint32_t HighestBitrate(const std::vector<RtpEncodingParameters>& encodings) {
  uint32_t highest = 0;
  for (const auto& encoding : encodings) highest = std::max(highest, encoding.max_bitrate_bps);
  return highest;
}

RtpEncodingParameters ConsumerEncoding(const RtpParameters& consumable,
                                       const ConsumerIdentity& identity) {
  return {.ssrc = identity.ssrc,
          .scalability_mode = LayersOf(consumable.encodings),
          .max_bitrate_bps = HighestBitrate(consumable.encodings)};
}

bool HasRtx(const std::vector<RtpCodecParameters>& codecs) {
  return std::ranges::any_of(codecs, [](const auto& codec) { return IsRtx(codec.mime_type); });
}

std::unexpected<Error> CannotConsume(const RtpParameters& consumable) {
  const std::string_view name =
      consumable.codecs.empty() ? "this codec" : std::string_view(consumable.codecs[0].mime_type);
  return Fail(
      ErrorCode::kCannotConsume,
      fmt::format("The receiver's capabilities have no {} in the producer's format.", name));
}

}  // namespace

bool CanConsume(const RtpParameters& consumable, const RtpCapabilities& receiver) {
  return std::ranges::any_of(consumable.codecs, [&](const RtpCodecParameters& codec) {
    return !IsRtx(codec.mime_type) && FindReceiverCodec(codec, receiver) != nullptr;
  });
}

Result<RtpParameters> ConsumerRtpParameters(const RtpParameters& consumable,
                                            const RtpCapabilities& receiver,
                                            const ConsumerIdentity& identity) {
  RtpParameters parameters{.mid = identity.mid,
                           .codecs = ReceivedCodecs(consumable, receiver),
                           .cname = identity.cname,
                           .reduced_size = true};
  if (parameters.codecs.empty()) return CannotConsume(consumable);
  const auto kind = KindOfMimeType(parameters.codecs.front().mime_type);
  if (!kind) return CannotConsume(consumable);
  parameters.header_extensions = ReceivedExtensions(consumable, *kind, receiver);
  KeepOneEstimator(parameters);
  parameters.encodings.push_back(ConsumerEncoding(consumable, identity));
  if (HasRtx(parameters.codecs)) parameters.encodings.front().rtx_ssrc = identity.rtx_ssrc;
  return parameters;
}

}  // namespace confab::sfu
