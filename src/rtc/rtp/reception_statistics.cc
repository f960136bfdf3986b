#include "rtc/rtp/reception_statistics.h"

#include <algorithm>
#include <cstdlib>

#include "rtc/rtp/sequence_number.h"

namespace confab::rtc {
namespace {

// A step of the timestamp against the clock beyond this is a discontinuity, not jitter.
constexpr int64_t kMaxJitterStepSeconds = 5;
// Cumulative loss has 24 bits and a sign.
constexpr int64_t kMaxCumulativeLost = 0x7f'ffff;
constexpr int64_t kMinCumulativeLost = -0x80'0000;

// In 1/65536 s.
uint32_t Q16(TimeDelta delta) {
  return static_cast<uint32_t>(std::max<int64_t>(delta.us(), 0) * 65536 / 1'000'000);
}

}  // namespace

void ReceptionStatistics::OnPacket(uint16_t sequence_number, uint32_t rtp_timestamp,
                                   size_t packet_size, Timestamp arrival) {
  const bool first = !started();
  ++packets_;
  bytes_ += packet_size;
  if (first) {
    Restart(sequence_number);
    UpdateJitter(rtp_timestamp, arrival);
    return;
  }
  const int distance = SequenceDistance(static_cast<uint16_t>(highest_), sequence_number);
  if (distance >= kMaxDropout || distance <= -kMaxMisorder) {
    // RFC 3550 A.1: two packets in sequence after a jump mean that the sender began anew.
    if (!restart_armed_ || sequence_number != restart_sequence_) {
      restart_armed_ = true;
      restart_sequence_ = static_cast<uint16_t>(sequence_number + 1);
      return;
    }
    Restart(sequence_number);
    UpdateJitter(rtp_timestamp, arrival);
    return;
  }
  restart_armed_ = false;
  ++received_;
  if (distance > 0) {
    highest_ += distance;
    UpdateJitter(rtp_timestamp, arrival);
  } else {
    base_ = std::min(base_, highest_ + distance);
  }
}

void ReceptionStatistics::OnSenderReport(NtpTime ntp, Timestamp arrival) {
  last_sr_ntp_ = ntp;
  last_sr_arrival_ = arrival;
}

void ReceptionStatistics::Restart(uint16_t sequence_number) {
  base_ = highest_ = sequence_number;
  received_ = 1;
  expected_prior_ = received_prior_ = 0;
  restart_armed_ = false;
  last_arrival_ = Timestamp::Past();
}

// RFC 3550 A.8: J += (|D| - J) / 16 in integers.
void ReceptionStatistics::UpdateJitter(uint32_t rtp_timestamp, Timestamp arrival) {
  if (last_arrival_ != Timestamp::Past()) {
    const int64_t arrived = (arrival - last_arrival_).us() * clock_rate_ / 1'000'000;
    const int64_t sent = SequenceDistance(last_rtp_timestamp_, rtp_timestamp);
    const int64_t difference = std::abs(arrived - sent);
    if (difference < kMaxJitterStepSeconds * clock_rate_) {
      jitter_q4_ += static_cast<uint64_t>(difference);
      jitter_q4_ -= (jitter_q4_ - static_cast<uint64_t>(difference) + 8) >> 4;
    }
  }
  last_rtp_timestamp_ = rtp_timestamp;
  last_arrival_ = arrival;
}

int64_t ReceptionStatistics::cumulative_lost() const {
  return started() ? std::clamp(Expected() - received_, kMinCumulativeLost, kMaxCumulativeLost) : 0;
}

uint32_t ReceptionStatistics::extended_highest_sequence() const {
  return static_cast<uint32_t>(highest_);
}

// RFC 3550 A.3.
ReportBlock ReceptionStatistics::TakeReport(Timestamp now) {
  ReportBlock block{.ssrc = ssrc_};
  last_interval_ = {};
  if (!started()) return block;
  const int64_t expected = Expected() - expected_prior_;
  const int64_t lost = expected - (received_ - received_prior_);
  expected_prior_ = Expected();
  received_prior_ = received_;
  last_interval_.expected = static_cast<uint64_t>(std::max<int64_t>(expected, 0));
  if (expected > 0 && lost > 0) {
    last_interval_.lost = static_cast<uint64_t>(std::min(lost, expected));
    block.fraction_lost_q8 = static_cast<uint8_t>(std::min<int64_t>((lost << 8) / expected, 255));
  }
  block.cumulative_lost = static_cast<int32_t>(cumulative_lost());
  block.extended_highest_sequence = extended_highest_sequence();
  block.jitter = jitter();
  if (last_sr_arrival_ != Timestamp::Past()) {
    block.last_sender_report = last_sr_ntp_.compact();
    block.delay_since_report_q16 = Q16(now - last_sr_arrival_);
  }
  return block;
}

}  // namespace confab::rtc
