#include "services/signaling/call/signaling_meter.h"

namespace confab::signaling {

std::string_view ToString(JoinStage stage) {
  switch (stage) {
    case JoinStage::kReach: return "reach";
    case JoinStage::kToken: return "token";
    case JoinStage::kHome: return "home";
    case JoinStage::kTransports: return "transports";
    case JoinStage::kConsumers: return "consumers";
    case JoinStage::kAll: return "all";
    case JoinStage::kConnect: return "connect";
    case JoinStage::kCount: break;
  }
  return "";
}

void SignalingMeter::ExpectConnect(const MediaId& transport, Timestamp now) {
  ForgetOld(now);
  if (connecting_.size() < kMaxConnecting) connecting_.emplace(transport, now);
}

void SignalingMeter::NoteConnected(const MediaId& transport, Timestamp now) {
  const auto found = connecting_.find(transport);
  if (found == connecting_.end()) return;  // another instance's, or forgotten
  Took(JoinStage::kConnect, now - found->second);
  connecting_.erase(found);
}

// Whoever left before is not told of.
void SignalingMeter::ForgetOld(Timestamp now) {
  if (now - forgotten_at_ < kConnectLimit) return;
  forgotten_at_ = now;
  std::erase_if(connecting_,
                [now](const auto& entry) { return now - entry.second > kConnectLimit; });
}

}  // namespace confab::signaling
