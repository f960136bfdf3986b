#pragma once

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/bytes.h"
#include "rtc/rtcp/bye.h"
#include "rtc/rtcp/extended_report.h"
#include "rtc/rtcp/fir.h"
#include "rtc/rtcp/nack.h"
#include "rtc/rtcp/pli.h"
#include "rtc/rtcp/receiver_report.h"
#include "rtc/rtcp/remb.h"
#include "rtc/rtcp/rtcp_header.h"
#include "rtc/rtcp/sdes.h"
#include "rtc/rtcp/sender_report.h"
#include "rtc/rtcp/transport_feedback.h"

namespace confab::rtc {

// What became of a compound packet.
enum class RtcpResult : uint8_t {
  kOk,
  kMalformed,  // something in it was broken; what came before it and what could be read was visited
};

namespace internal {

template <typename T, typename Visitor>
bool VisitRtcp(const RtcpBlock& block, Visitor& visitor) {
  if constexpr (std::is_invocable_v<Visitor&, const T&>) {
    const std::optional<T> parsed = T::Parse(block);
    if (!parsed) return false;
    visitor(*parsed);
  }
  return true;
}

template <typename Visitor>
bool VisitTransportFeedback(const RtcpBlock& block, Visitor& visitor) {
  switch (TransportFeedbackFormat{block.count_or_format}) {
    case TransportFeedbackFormat::kNack: return VisitRtcp<Nack>(block, visitor);
    case TransportFeedbackFormat::kTransportCc: return VisitRtcp<TransportFeedback>(block, visitor);
  }
  return true;
}

template <typename Visitor>
bool VisitPayloadFeedback(const RtcpBlock& block, Visitor& visitor) {
  switch (PayloadFeedbackFormat{block.count_or_format}) {
    case PayloadFeedbackFormat::kPli: return VisitRtcp<Pli>(block, visitor);
    case PayloadFeedbackFormat::kFir: return VisitRtcp<Fir>(block, visitor);
    case PayloadFeedbackFormat::kApplication:
      return !Remb::Matches(block) || VisitRtcp<Remb>(block, visitor);
  }
  return true;
}

template <typename Visitor>
bool VisitRtcpBlock(const RtcpBlock& block, Visitor& visitor) {
  switch (block.type) {
    case RtcpType::kSenderReport: return VisitRtcp<SenderReport>(block, visitor);
    case RtcpType::kReceiverReport: return VisitRtcp<ReceiverReport>(block, visitor);
    case RtcpType::kSdes: return VisitRtcp<Sdes>(block, visitor);
    case RtcpType::kBye: return VisitRtcp<Bye>(block, visitor);
    case RtcpType::kTransportFeedback: return VisitTransportFeedback(block, visitor);
    case RtcpType::kPayloadFeedback: return VisitPayloadFeedback(block, visitor);
    case RtcpType::kExtendedReport: return VisitRtcp<ExtendedReport>(block, visitor);
    case RtcpType::kApp: return true;
  }
  return true;
}

}  // namespace internal

// Walks an opened RTCP packet, compound or of reduced size (RFC 5506), and calls the visitor's
// operator() for each structure that it has an overload for (const SenderReport&, const Nack&, …);
// the others are not even parsed. Unknown types are stepped over. A broken structure is left out
// and the walk goes on behind it; a broken length ends the walk. What the visitor gets points into
// `packet`.
template <typename Visitor>
RtcpResult ForEachRtcp(BytesView packet, Visitor&& visitor) {
  RtcpResult result = packet.empty() ? RtcpResult::kMalformed : RtcpResult::kOk;
  while (const auto block = TakeRtcpBlock(packet)) {
    if (!internal::VisitRtcpBlock(*block, visitor)) result = RtcpResult::kMalformed;
  }
  return packet.empty() ? result : RtcpResult::kMalformed;
}

}  // namespace confab::rtc
