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
class TransportFeedbackGenerator {
 public:
  // Packets whose arrival is remembered, for late ones to be reported after all. A power of two; at
  // 250 ms it serves 8,000 packets a second. A jump beyond it starts anew.
  static constexpr size_t kHistory = 2048;
  static constexpr TimeDelta kInterval = TimeDelta::Millis(100);
  // With kManyPackets waiting feedback goes out after kMinInterval; with fewer than kFewPackets it
  // may wait for kMaxInterval.
  static constexpr TimeDelta kMinInterval = TimeDelta::Millis(50);
  static constexpr TimeDelta kMaxInterval = TimeDelta::Millis(250);
  static constexpr size_t kManyPackets = 64;
  static constexpr size_t kFewPackets = 8;

  void OnPacket(uint16_t transport_sequence, Timestamp arrival);

  // When Write has something to say; Never while nothing has come since the last feedback.
  Timestamp NextTimeout() const;

  // Writes one feedback packet for packets that have not been reported and returns its size; 0 when
  // nothing is due at `now` or left. `out` should hold 100 octets or more.
  size_t Write(Timestamp now, Ssrc sender, Ssrc media, MutableBytes out);

 private:
  struct Slot {
    int64_t sequence = -1;  // unwrapped; tells whether the slot is this packet's
    Timestamp arrival;
  };

  const Slot* Find(int64_t sequence) const;
  void Restart(int64_t sequence);

  std::array<Slot, kHistory> slots_{};
  bool started_ = false;
  int64_t newest_ = 0;          // highest unwrapped number that came
  int64_t next_to_report_ = 0;  // first one of the next feedback
  size_t waiting_ = 0;          // packets since the last feedback
  Timestamp last_feedback_ = Timestamp::Past();
  Timestamp first_waiting_ = Timestamp::Never();
  uint8_t feedback_count_ = 0;
  bool draining_ = false;  // in the middle of a series of Write calls
};

}  // namespace confab::rtc
