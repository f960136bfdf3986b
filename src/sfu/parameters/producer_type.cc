#include "sfu/parameters/producer_type.h"

#include "sfu/parameters/codec.h"
#include "sfu/parameters/scalability_mode.h"

namespace confab::sfu {
namespace {

bool HasLayersWithinOneStream(std::string_view mime_type) {
  return EqualIgnoringCase(mime_type, "video/VP9") || EqualIgnoringCase(mime_type, "video/AV1");
}

bool IsVideo(std::string_view mime_type) {
  return KindOfMimeType(mime_type) == rtc::MediaKind::kVideo;
}

}  // namespace

ProducerType TypeOf(const RtpParameters& parameters) {
  if (parameters.codecs.empty() || parameters.encodings.empty()) return ProducerType::kSimple;
  const std::string_view mime_type = parameters.codecs.front().mime_type;
  if (!IsVideo(mime_type)) return ProducerType::kSimple;
  if (parameters.encodings.size() > 1) return ProducerType::kSimulcast;
  const auto mode = ParseScalabilityMode(parameters.encodings.front().scalability_mode);
  if (!mode || !mode->is_layered()) return ProducerType::kSimple;
  return HasLayersWithinOneStream(mime_type) ? ProducerType::kSvc : ProducerType::kSimulcast;
}

std::string_view ToString(ProducerType type) {
  switch (type) {
    case ProducerType::kSimple: return "simple";
    case ProducerType::kSimulcast: return "simulcast";
    case ProducerType::kSvc: return "svc";
  }
  return "";
}

}  // namespace confab::sfu
