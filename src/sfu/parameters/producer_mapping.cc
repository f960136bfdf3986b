#include "sfu/parameters/producer_mapping.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/check.h"
#include "sfu/parameters/codec.h"
#include "sfu/parameters/h264_profile.h"
#include "sfu/parameters/matching.h"
#include "sfu/parameters/validate.h"

namespace confab::sfu {
namespace {

bool HasNumber(const RtpCodecCapability& codec) {
  return codec.preferred_payload_type.has_value();
}

const RtpCodecCapability* FindRouterCodec(const RtpCodecParameters& codec,
                                          const RtpCapabilities& router) {
  const auto found = std::ranges::find_if(router.codecs, [&](const RtpCodecCapability& known) {
    return HasNumber(known) && !IsRtx(known.mime_type) && MatchCodecs(ViewOf(codec), ViewOf(known));
  });
  return found == router.codecs.end() ? nullptr : &*found;
}

const RtpCodecCapability* FindByNumber(const RtpCapabilities& router, rtc::PayloadType number) {
  const auto found = std::ranges::find_if(router.codecs, [&](const RtpCodecCapability& known) {
    return known.preferred_payload_type == number.value();
  });
  return found == router.codecs.end() ? nullptr : &*found;
}

std::unexpected<Error> Unsupported(const RtpCodecParameters& codec) {
  return Fail(ErrorCode::kUnsupportedParameters,
              fmt::format("The router has no {} in the format of payload type {}; use a codec of "
                          "its capabilities.",
                          codec.mime_type, codec.payload_type));
}

Result<rtc::PayloadType> MapMediaCodec(const RtpCodecParameters& codec,
                                       const RtpCapabilities& router) {
  const RtpCodecCapability* match = FindRouterCodec(codec, router);
  if (match == nullptr) return Unsupported(codec);
  return rtc::PayloadType(*match->preferred_payload_type);
}

// An RTX codec goes where the RTX of its media codec's counterpart is.
Result<rtc::PayloadType> MapRtxCodec(const RtpCodecParameters& codec, const RtpParameters& all,
                                     const RtpCapabilities& router) {
  const auto repaired = AssociatedPayloadType(codec.parameters);
  const RtpCodecParameters* media = repaired ? FindCodec(all.codecs, *repaired) : nullptr;
  const RtpCodecCapability* match = media ? FindRouterCodec(*media, router) : nullptr;
  const RtpCodecCapability* rtx =
      match ? FindRtx(router.codecs, *match->preferred_payload_type) : nullptr;
  if (rtx == nullptr || !HasNumber(*rtx)) return Unsupported(codec);
  return rtc::PayloadType(*rtx->preferred_payload_type);
}

Result<rtc::PayloadType> MapCodec(const RtpCodecParameters& codec, const RtpParameters& all,
                                  const RtpCapabilities& router) {
  return IsRtx(codec.mime_type) ? MapRtxCodec(codec, all, router) : MapMediaCodec(codec, router);
}

rtc::Ssrc Next(rtc::Ssrc ssrc) {
  return rtc::Ssrc(ssrc.value() == UINT32_MAX ? 1 : ssrc.value() + 1);
}

std::vector<EncodingMapping> MapEncodings(const std::vector<RtpEncodingParameters>& encodings,
                                          rtc::Ssrc first) {
  std::vector<EncodingMapping> mapped;
  mapped.reserve(encodings.size());
  rtc::Ssrc ssrc = first == rtc::Ssrc(0) ? rtc::Ssrc(1) : first;
  for (const RtpEncodingParameters& encoding : encodings) {
    mapped.push_back({.ssrc = encoding.ssrc,
                      .rid = encoding.rid,
                      .rtx_ssrc = encoding.rtx_ssrc,
                      .scalability_mode = encoding.scalability_mode,
                      .mapped_ssrc = ssrc});
    ssrc = Next(ssrc);
  }
  return mapped;
}

RtpCodecParameters FromCapability(const RtpCodecCapability& known) {
  return {.mime_type = known.mime_type,
          .payload_type = *known.preferred_payload_type,
          .clock_rate = known.clock_rate,
          .channels = known.channels,
          .parameters = known.parameters,
          .rtcp_feedback = known.rtcp_feedback};
}

// The producer's settings. H264 gets the profile and level that producer and router agree on.
CodecSettings AgreedSettings(const RtpCodecParameters& codec, const RtpCodecCapability& known) {
  CodecSettings settings = codec.parameters;
  if (!EqualIgnoringCase(codec.mime_type, "video/H264")) return settings;
  const auto answer = AnswerH264ProfileLevel(codec.parameters, known.parameters);
  const auto text = answer ? ToString(*answer) : std::nullopt;
  if (!text) return settings;
  const auto old = std::ranges::find_if(
      settings, [](const auto& setting) { return setting.first == "profile-level-id"; });
  if (old != settings.end()) {
    old->second = *text;
  } else {
    // Not more than what is accepted: what stands last gives way.
    if (settings.size() == kMaxCodecSettings) settings.pop_back();
    settings.emplace_back("profile-level-id", *text);
  }
  return settings;
}

std::vector<RtpCodecParameters> ConsumableCodecs(const RtpParameters& parameters,
                                                 const RtpCapabilities& router,
                                                 const ProducerMapping& mapping) {
  std::vector<RtpCodecParameters> codecs;
  for (const RtpCodecParameters& codec : parameters.codecs) {
    if (IsRtx(codec.mime_type)) continue;
    const auto number = mapping.RouterPayloadType(rtc::PayloadType(codec.payload_type));
    const RtpCodecCapability* known = number ? FindByNumber(router, *number) : nullptr;
    CHECK(known != nullptr);
    // Two formats of a producer can be one to the router.
    if (FindCodec(codecs, number->value()) != nullptr) continue;
    codecs.push_back(FromCapability(*known));
    codecs.back().parameters = AgreedSettings(codec, *known);
    const RtpCodecCapability* rtx = FindRtx(router.codecs, number->value());
    if (rtx != nullptr && HasNumber(*rtx)) codecs.push_back(FromCapability(*rtx));
  }
  return codecs;
}

std::vector<RtpHeaderExtensionParameters> ConsumableExtensions(rtc::MediaKind kind,
                                                               const RtpCapabilities& router) {
  std::vector<RtpHeaderExtensionParameters> extensions;
  for (const RtpHeaderExtension& known : router.header_extensions) {
    const bool sent = known.direction == ExtensionDirection::kSendRecv ||
                      known.direction == ExtensionDirection::kSendOnly;
    if (known.kind == kind && sent) extensions.push_back({known.uri, known.preferred_id});
  }
  return extensions;
}

std::vector<RtpEncodingParameters> ConsumableEncodings(const RtpParameters& parameters,
                                                       const ProducerMapping& mapping) {
  CHECK(parameters.encodings.size() == mapping.encodings.size());
  std::vector<RtpEncodingParameters> encodings;
  for (size_t i = 0; i < parameters.encodings.size(); ++i) {
    encodings.push_back({.ssrc = mapping.encodings[i].mapped_ssrc,
                         .dtx = parameters.encodings[i].dtx,
                         .scalability_mode = parameters.encodings[i].scalability_mode,
                         .max_bitrate_bps = parameters.encodings[i].max_bitrate_bps});
  }
  return encodings;
}

}  // namespace

std::optional<rtc::PayloadType> ProducerMapping::RouterPayloadType(
    rtc::PayloadType producer) const {
  const auto found = std::ranges::find(payload_types, producer, &PayloadTypeMapping::producer);
  return found == payload_types.end() ? std::nullopt : std::optional(found->router);
}

Result<ProducerMapping> MapProducer(rtc::MediaKind kind, const RtpParameters& parameters,
                                    const RtpCapabilities& router, rtc::Ssrc first_mapped_ssrc) {
  ProducerMapping mapping;
  for (const RtpCodecParameters& codec : parameters.codecs) {
    if (KindOfMimeType(codec.mime_type) != kind) {
      return Fail(ErrorCode::kUnsupportedParameters,
                  fmt::format("{} is not {}, which the producer says it is.", codec.mime_type,
                              ToString(kind)));
    }
    const auto mapped = MapCodec(codec, parameters, router);
    if (!mapped) return std::unexpected(mapped.error());
    mapping.payload_types.push_back({rtc::PayloadType(codec.payload_type), *mapped});
  }
  mapping.encodings = MapEncodings(parameters.encodings, first_mapped_ssrc);
  return mapping;
}

RtpParameters ConsumableRtpParameters(rtc::MediaKind kind, const RtpParameters& parameters,
                                      const RtpCapabilities& router,
                                      const ProducerMapping& mapping) {
  return {.codecs = ConsumableCodecs(parameters, router, mapping),
          .header_extensions = ConsumableExtensions(kind, router),
          .encodings = ConsumableEncodings(parameters, mapping),
          .cname = parameters.cname,
          .reduced_size = true};
}

}  // namespace confab::sfu
