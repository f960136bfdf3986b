#include "rtc/session/drop_reason.h"

namespace confab::rtc {

std::string_view ToString(DropReason reason) {
  switch (reason) {
    case DropReason::kTooLarge: return "too_large";
    case DropReason::kUnknownPath: return "unknown_path";
    case DropReason::kForbiddenNetwork: return "forbidden_network";
    case DropReason::kUnprovenPath: return "unproven_path";
    case DropReason::kConnectionGone: return "connection_gone";
    case DropReason::kConnectionSlow: return "connection_slow";
    case DropReason::kUnknownUfrag: return "unknown_ufrag";
    case DropReason::kUnknownKind: return "unknown_kind";
    case DropReason::kNoBuffer: return "no_buffer";
    case DropReason::kStun: return "stun";
    case DropReason::kDtlsUnvalidated: return "dtls_unvalidated";
    case DropReason::kNoKeys: return "no_keys";
    case DropReason::kMalformed: return "malformed";
    case DropReason::kReplayed: return "replayed";
    case DropReason::kTooManySsrcs: return "too_many_ssrcs";
    case DropReason::kAuthentication: return "authentication";
    case DropReason::kUnknownSsrc: return "unknown_ssrc";
    case DropReason::kUnknownPayloadType: return "unknown_payload_type";
    case DropReason::kRtx: return "rtx";
    case DropReason::kDuplicate: return "duplicate";
    case DropReason::kPaddingOnly: return "padding_only";
    case DropReason::kProducerPaused: return "producer_paused";
    case DropReason::kLayerNotForwarded: return "layer_not_forwarded";
    case DropReason::kConsumerPaused: return "consumer_paused";
    case DropReason::kAwaitingKeyframe: return "awaiting_keyframe";
    case DropReason::kStreamClosed: return "stream_closed";
    case DropReason::kNumberGone: return "number_gone";
    case DropReason::kAlreadySealed: return "already_sealed";
    case DropReason::kResendGone: return "resend_gone";
    case DropReason::kResendTooSoon: return "resend_too_soon";
    case DropReason::kResendBudget: return "resend_budget";
    case DropReason::kNoPath: return "no_path";
    case DropReason::kQueueFull: return "queue_full";
    case DropReason::kSendRefused: return "send_refused";
    case DropReason::kCount: break;
  }
  return "unknown";
}

}  // namespace confab::rtc
