#include "sfu/producer.h"

#include <fmt/format.h>

#include <algorithm>

#include "rtc/session/rtx.h"
#include "sfu/parameters/codec.h"
#include "sfu/parameters/supported_capabilities.h"

namespace confab::sfu {
namespace {

// Inside one router nobody looks at mapped ssrcs; pipes will.
constexpr rtc::Ssrc kFirstMappedSsrc{1};

std::optional<rtc::CodecType> CodecTypeOf(std::string_view mime_type) {
  constexpr std::pair<std::string_view, rtc::CodecType> kTypes[] = {
      {"audio/opus", rtc::CodecType::kOpus}, {"video/VP8", rtc::CodecType::kVp8},
      {"video/VP9", rtc::CodecType::kVp9},   {"video/H264", rtc::CodecType::kH264},
      {"video/AV1", rtc::CodecType::kAv1},
  };
  for (const auto& [name, type] : kTypes) {
    if (EqualIgnoringCase(name, mime_type)) return type;
  }
  return std::nullopt;
}

// Whether "nack" was negotiated (RFC 4585 §4.2).
bool TakesNack(const RtpParameters& parameters) {
  const auto& feedback = parameters.codecs.front().rtcp_feedback;
  return std::ranges::find(feedback, RtcpFeedback{"nack", ""}) != feedback.end();
}

}  // namespace

Producer::Producer(ProducerOptions options, Transport& transport)
    : options_(std::move(options)), transport_(&transport) {}

Result<std::unique_ptr<Producer>> Producer::Create(ProducerOptions options, Transport& transport) {
  const RtpCapabilities& router = RouterRtpCapabilities();
  auto mapping = MapProducer(options.kind, options.parameters, router, kFirstMappedSsrc);
  if (!mapping) return std::unexpected(mapping.error());
  const RtpCodecParameters& codec = options.parameters.codecs.front();
  const auto type = CodecTypeOf(codec.mime_type);
  if (!type) {
    return Fail(ErrorCode::kUnsupportedParameters,
                fmt::format("{} cannot be forwarded", codec.mime_type));
  }
  // make_unique cannot reach the private constructor.
  std::unique_ptr<Producer> producer(new Producer(std::move(options), transport));
  const RtpParameters& parameters = producer->parameters();
  producer->type_ = TypeOf(parameters);
  producer->consumable_ = ConsumableRtpParameters(producer->kind(), parameters, router, *mapping);
  producer->consumable_.cname = producer->options_.cname;
  producer->payload_type_ = rtc::PayloadType(parameters.codecs.front().payload_type);
  const RtpCodecParameters* rtx = FindRtx(parameters.codecs, codec.payload_type);
  if (rtx != nullptr) producer->rtx_payload_type_ = rtc::PayloadType(rtx->payload_type);
  for (const RtpEncodingParameters& encoding : parameters.encodings) {
    producer->streams_.emplace_back(
        ProducerStream::Options{.ssrc = encoding.ssrc,
                                .rtx_ssrc = encoding.rtx_ssrc,
                                .rid = encoding.rid,
                                .codec = *type,
                                .clock_rate = parameters.codecs.front().clock_rate,
                                .repairs = rtx != nullptr && TakesNack(parameters)});
  }
  return producer;
}

bool Producer::Restore(rtc::Packet& packet, const ProducerStream& stream) const {
  return stream.ssrc() && packet.payload_type == rtx_payload_type_ &&
         rtc::RestoreFromRtx(packet, *stream.ssrc(), payload_type_);
}

}  // namespace confab::sfu
