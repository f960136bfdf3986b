#pragma once

#include <cstdint>
#include <vector>

#include "base/units.h"
#include "rtc/session/send_intent.h"

namespace confab::rtc {

// What left under one sequence number: enough to make the same payload again.
struct SentPacket {
  int64_t number = -1;  // without wrap; -1: nothing
  int64_t source_sequence = 0;
  RewritePlan plan;
  Timestamp sent_at;
  Timestamp repeated_at = Timestamp::Past();  // kept by whoever repeats it
};

// The newest packets of one outgoing stream, for retransmission. Holds plain values: the bytes are
// the source's, where they are kept once for all receivers. A ring indexed by the number sent.
class SentLog {
 public:
  // A power of two. 1.3 seconds of 4 Mbit/s in packets of 1200 octets; 24 KB.
  static constexpr size_t kPackets = 512;

  void Add(Timestamp now, int64_t number, int64_t source_sequence, const RewritePlan& plan) {
    if (ring_.empty()) ring_.resize(kPackets);
    ring_[Slot(static_cast<uint16_t>(number))] = {
        .number = number, .source_sequence = source_sequence, .plan = plan, .sent_at = now};
  }

  // What was sent under this number of the wire, or null. Valid until the next Add.
  SentPacket* Find(uint16_t sequence) {
    if (ring_.empty()) return nullptr;
    SentPacket& sent = ring_[Slot(sequence)];
    return sent.number >= 0 && static_cast<uint16_t>(sent.number) == sequence ? &sent : nullptr;
  }

 private:
  static constexpr size_t Slot(uint16_t sequence) { return sequence & (kPackets - 1); }
  std::vector<SentPacket> ring_;  // empty until the first packet
};

}  // namespace confab::rtc
