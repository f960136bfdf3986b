#pragma once

#include <cstdint>
#include <optional>

#include "base/units.h"

namespace confab::sfu {

// The node's NTP clock: the monotonic clock plus an offset that was read once, so it never steps.
class NodeClock {
 public:
  NodeClock() = default;
  // `unix_us`: microseconds since the Unix epoch when the monotonic clock said `now`.
  NodeClock(Timestamp now, int64_t unix_us) : unix_minus_monotonic_us_(unix_us - now.us()) {}
  NtpTime At(Timestamp now) const {
    return NtpTime::FromUnixMicros(now.us() + unix_minus_monotonic_us_);
  }

 private:
  int64_t unix_minus_monotonic_us_ = 0;
};

// How far the node's clock is ahead of one sending participant's, one-way delay included. One for
// all of a participant's streams, so that their sound and picture stay together: confab's sender
// reports are on the node's clock (RFC 3550 §6.4.1 with the mixer's own wall clock).
class SenderClock {
 public:
  // A sender report with the sender's `ntp` came at `arrival` on the node's clock.
  void OnSenderReport(NtpTime ntp, NtpTime arrival) {
    const auto difference = static_cast<int64_t>(arrival.value() - ntp.value());
    // The smallest seen is the one with the least queueing; a large jump is a stepped clock.
    const bool stepped =
        offset_ && (difference - *offset_ > kStep || *offset_ - difference > kStep);
    if (!offset_ || stepped || difference < *offset_) offset_ = difference;
  }
  bool known() const { return offset_.has_value(); }
  // The sender's time on the node's clock; only when known().
  NtpTime ToNode(NtpTime sender) const {
    return NtpTime(sender.value() + static_cast<uint64_t>(offset_.value_or(0)));
  }

 private:
  static constexpr int64_t kStep = int64_t{1} << 32;  // one second
  std::optional<int64_t> offset_;                     // 32.32 seconds
};

// RTP time of one stream against the node's clock, for sender reports about it.
class MediaClock {
 public:
  explicit MediaClock(uint32_t clock_rate_hz) : rate_(clock_rate_hz) {}

  void OnPacket(uint32_t rtp_timestamp, NtpTime arrival) {
    if (!from_report_) Set(rtp_timestamp, arrival);
  }
  void OnSenderReport(uint32_t rtp_timestamp, NtpTime on_node_clock) {
    from_report_ = true;
    Set(rtp_timestamp, on_node_clock);
  }
  // The RTP timestamp of something captured at `at`; nullopt before the first packet.
  std::optional<uint32_t> RtpTimestampAt(NtpTime at) const {
    if (!known_) return std::nullopt;
    const auto elapsed = static_cast<int64_t>(at.value() - ntp_.value());
    const auto ticks = static_cast<int64_t>(static_cast<double>(elapsed) * 0x1.0p-32 * rate_);
    return rtp_timestamp_ + static_cast<uint32_t>(ticks);
  }

 private:
  void Set(uint32_t rtp_timestamp, NtpTime ntp) {
    rtp_timestamp_ = rtp_timestamp;
    ntp_ = ntp;
    known_ = true;
  }

  uint32_t rate_;
  bool known_ = false;
  bool from_report_ = false;
  uint32_t rtp_timestamp_ = 0;
  NtpTime ntp_;
};

}  // namespace confab::sfu
