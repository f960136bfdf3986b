#pragma once

#include <concepts>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/units.h"
#include "rtc/rtcp/rtcp_header.h"
#include "rtc/types.h"

namespace confab::rtc {

// The times of transport-cc feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
inline constexpr TimeDelta kFeedbackTimeUnit = TimeDelta::Millis(64);
inline constexpr TimeDelta kFeedbackDeltaUnit = TimeDelta::Micros(250);
// Sender's and media source's ssrc, base, count, reference time, feedback count.
inline constexpr size_t kTransportFeedbackPrefixSize = kFeedbackPrefixSize + 8;

// What feedback says of one packet.
struct PacketStatus {
  uint16_t sequence_number = 0;
  // On the receiver's clock, relative to the feedback's reference time; nullopt when not received.
  std::optional<TimeDelta> arrival;
  bool operator==(const PacketStatus&) const = default;
};

struct TransportFeedback;

// Decodes the statuses of a parsed feedback one after another.
class TransportFeedbackReader {
 public:
  explicit TransportFeedbackReader(const TransportFeedback& feedback);
  // To be called status_count times at most.
  PacketStatus Next();

 private:
  BytesView chunks_;
  BytesView deltas_;
  uint16_t sequence_;
  TimeDelta arrival_;  // of the last received packet
  uint16_t chunk_ = 0;
  uint16_t in_chunk_ = 0;  // statuses of chunk_ that have been taken
};

// Transport-cc feedback: RTPFB, FMT 15.
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |      base sequence number     |      packet status count      |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                 reference time                | fb pkt. count |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |          packet chunk         |         packet chunk          |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |         packet chunk …        |         recv delta …          |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
struct TransportFeedback {
  Ssrc sender;
  Ssrc media;
  uint16_t base_sequence_number = 0;
  uint16_t status_count = 0;
  int32_t reference_time_units = 0;  // signed 24 bits, in kFeedbackTimeUnit; wraps
  uint8_t feedback_count = 0;        // of the sender of feedback; shows lost feedback
  BytesView chunks;                  // whole chunks that cover status_count; checked
  BytesView deltas;                  // as many as the chunks ask for; checked

  static std::optional<TransportFeedback> Parse(const RtcpBlock& block);

  TimeDelta reference_time() const { return kFeedbackTimeUnit * reference_time_units; }
  // Calls fn(const PacketStatus&) for each of status_count packets, in sequence order.
  template <std::invocable<const PacketStatus&> Fn>
  void ForEachStatus(Fn&& fn) const {
    TransportFeedbackReader reader(*this);
    for (uint32_t i = 0; i < status_count; ++i) fn(reader.Next());
  }
};

}  // namespace confab::rtc
