#pragma once

#include <cstdint>

#include "base/units.h"
#include "rtc/rtcp/report_block.h"
#include "rtc/types.h"

namespace confab::rtc {

// What a receiver counts of one ssrc to report on it (RFC 3550 §6.4.1, A.3, A.8). A value; belongs
// to the receiving stream. Only authenticated packets that passed the replay window come here.
class ReceptionStatistics {
 public:
  // A jump by this many packets or more is a restart of the sender (RFC 3550 A.1, MAX_DROPOUT).
  static constexpr int kMaxDropout = 3000;
  // DEVIATION: a packet further behind than this is a restart, not reordering. Larger than A.1's
  // MAX_MISORDER, since retransmissions may come late.
  static constexpr int kMaxMisorder = 1000;

  // `clock_rate` in Hz, of the payload type; > 0.
  ReceptionStatistics(Ssrc ssrc, uint32_t clock_rate) : ssrc_(ssrc), clock_rate_(clock_rate) {}

  void OnPacket(uint16_t sequence_number, uint32_t rtp_timestamp, size_t packet_size,
                Timestamp arrival);
  void OnSenderReport(NtpTime ntp, Timestamp arrival);

  // Takes what happened since the last call: it begins the next interval (fraction lost).
  ReportBlock TakeReport(Timestamp now);

  // What the last report told of: packets since the one before it.
  struct Interval {
    uint64_t expected = 0;
    uint64_t lost = 0;
  };
  const Interval& last_interval() const { return last_interval_; }

  bool started() const { return packets_ > 0; }
  Ssrc ssrc() const { return ssrc_; }
  uint64_t packets() const { return packets_; }
  uint64_t bytes() const { return bytes_; }
  // Negative when duplicates arrived.
  int64_t cumulative_lost() const;
  // In units of the RTP timestamp.
  uint32_t jitter() const { return static_cast<uint32_t>(jitter_q4_ >> 4); }
  uint32_t extended_highest_sequence() const;

 private:
  void Restart(uint16_t sequence_number);
  void UpdateJitter(uint32_t rtp_timestamp, Timestamp arrival);
  int64_t Expected() const { return highest_ - base_ + 1; }

  Ssrc ssrc_;
  uint32_t clock_rate_;
  uint64_t packets_ = 0;
  uint64_t bytes_ = 0;
  // Extended sequence numbers; the first one is below 2^16.
  int64_t base_ = 0;
  int64_t highest_ = 0;
  int64_t received_ = 0;  // since the last restart
  int64_t expected_prior_ = 0;
  int64_t received_prior_ = 0;
  Interval last_interval_;
  uint64_t jitter_q4_ = 0;  // 28.4 fixed point, as A.8
  uint32_t last_rtp_timestamp_ = 0;
  Timestamp last_arrival_ = Timestamp::Past();
  NtpTime last_sr_ntp_;
  Timestamp last_sr_arrival_ = Timestamp::Past();
  bool restart_armed_ = false;  // the next in-sequence packet confirms a restart
  uint16_t restart_sequence_ = 0;
};

}  // namespace confab::rtc
