#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/units.h"
#include "rtc/types.h"

namespace confab::rtc {

// Receiver's side of transport-cc: notes when packets with a transport-wide sequence number came
// and says so to their sender at intervals of 50 to 250 ms, with what is missing among them. One
// for each transport that sends to us.
//
// Use: OnPacket for each authenticated packet; when NextTimeout is reached, call Write until it
// returns 0 and send each result as (or in) an RTCP packet.
//
// A packet that comes late, after it was reported missing, is reported again together with all that
// follow it: senders keep the first arrival that they hear of.
class TransportFeedbackGenerator {
 public:
  // Packets whose arrival is remembered. A power of two; at 250 ms it serves 8,000 packets a
  // second. A jump of the sequence by more starts anew.
  static constexpr int64_t kHistory = 2048;
  // Counted from the first packet that waits to be reported.
  static constexpr TimeDelta kInterval = TimeDelta::Millis(100);
  // With kManyPackets waiting feedback goes out after kMinInterval; with fewer than kFewPackets it
  // waits for kMaxInterval.
  static constexpr TimeDelta kMinInterval = TimeDelta::Millis(50);
  static constexpr TimeDelta kMaxInterval = TimeDelta::Millis(250);
  static constexpr size_t kManyPackets = 64;
  static constexpr size_t kFewPackets = 8;
  // Room that Write asks for at least.
  static constexpr size_t kMinWriteSize = 64;

  void OnPacket(uint16_t transport_sequence, Timestamp arrival);

  // When Write has something to say; Never while nothing has come since the last feedback.
  Timestamp NextTimeout() const;

  // Writes one feedback packet for packets that have not been reported and returns its size; 0 when
  // nothing is due at `now` or nothing is left. `out` has kMinWriteSize octets or more (CHECKed).
  size_t Write(Timestamp now, Ssrc sender, Ssrc media, MutableBytes out);

 private:
  struct Slot {
    int64_t sequence = -1;  // unwrapped; tells whether the slot is this packet's
    Timestamp arrival;
  };

  Slot& SlotOf(int64_t sequence) { return slots_[static_cast<size_t>(sequence & (kHistory - 1))]; }
  bool Has(int64_t sequence) { return SlotOf(sequence).sequence == sequence; }
  int64_t FirstReceivedFrom(int64_t sequence);
  void Restart(uint16_t transport_sequence);

  std::array<Slot, kHistory> slots_{};
  bool started_ = false;
  int64_t newest_ = 0;          // highest unwrapped number that came
  int64_t next_to_report_ = 0;  // first one of the next feedback
  size_t waiting_ = 0;          // packets since the last feedback
  Timestamp first_waiting_ = Timestamp::Never();
  uint8_t feedback_count_ = 0;
  bool draining_ = false;  // in the middle of a series of Write calls
};

}  // namespace confab::rtc
