#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace confab {

// A span of time in whole microseconds, negative allowed.
class TimeDelta {
 public:
  constexpr TimeDelta() = default;
  static constexpr TimeDelta Micros(int64_t us) { return TimeDelta(us); }
  static constexpr TimeDelta Millis(int64_t ms) { return TimeDelta(ms * 1000); }
  static constexpr TimeDelta Seconds(int64_t s) { return TimeDelta(s * 1'000'000); }
  static constexpr TimeDelta Infinite() { return TimeDelta(std::numeric_limits<int64_t>::max()); }

  constexpr int64_t us() const { return us_; }
  constexpr int64_t ms() const { return us_ / 1000; }
  constexpr double seconds() const { return static_cast<double>(us_) * 1e-6; }
  constexpr bool is_infinite() const { return *this == Infinite(); }

  constexpr auto operator<=>(const TimeDelta&) const = default;
  constexpr TimeDelta operator-() const { return TimeDelta(-us_); }
  constexpr TimeDelta operator+(TimeDelta other) const { return TimeDelta(us_ + other.us_); }
  constexpr TimeDelta operator-(TimeDelta other) const { return TimeDelta(us_ - other.us_); }
  constexpr TimeDelta operator*(int64_t factor) const { return TimeDelta(us_ * factor); }
  constexpr TimeDelta operator/(int64_t divisor) const { return TimeDelta(us_ / divisor); }
  constexpr TimeDelta& operator+=(TimeDelta other) { return *this = *this + other; }

 private:
  explicit constexpr TimeDelta(int64_t us) : us_(us) {}
  int64_t us_ = 0;
};

// A point on the node's monotonic clock (or the simulator's), in microseconds since an origin that
// only the owner of the clock knows. Never wall-clock time: that is NtpTime.
class Timestamp {
 public:
  constexpr Timestamp() = default;
  static constexpr Timestamp Micros(int64_t us) { return Timestamp(us); }
  static constexpr Timestamp Millis(int64_t ms) { return Timestamp(ms * 1000); }
  // Later than every other point: "no deadline".
  static constexpr Timestamp Never() { return Timestamp(std::numeric_limits<int64_t>::max()); }
  // Earlier than every other point: "has not happened".
  static constexpr Timestamp Past() { return Timestamp(std::numeric_limits<int64_t>::min() / 2); }

  constexpr int64_t us() const { return us_; }
  constexpr int64_t ms() const { return us_ / 1000; }
  constexpr bool is_never() const { return *this == Never(); }

  constexpr auto operator<=>(const Timestamp&) const = default;
  constexpr Timestamp operator+(TimeDelta delta) const {
    return is_never() || delta.is_infinite() ? Never() : Timestamp(us_ + delta.us());
  }
  constexpr Timestamp operator-(TimeDelta delta) const { return Timestamp(us_ - delta.us()); }
  constexpr TimeDelta operator-(Timestamp other) const {
    return TimeDelta::Micros(us_ - other.us_);
  }

 private:
  explicit constexpr Timestamp(int64_t us) : us_(us) {}
  int64_t us_ = 0;
};

// Wall-clock time as RTCP carries it: seconds since 1900 in 32.32 fixed point (RFC 3550 §4).
class NtpTime {
 public:
  constexpr NtpTime() = default;
  explicit constexpr NtpTime(uint64_t value) : value_(value) {}
  // From microseconds since the Unix epoch.
  static constexpr NtpTime FromUnixMicros(int64_t us) {
    constexpr uint64_t kUnixToNtpSeconds = 2'208'988'800;
    const uint64_t seconds = static_cast<uint64_t>(us / 1'000'000) + kUnixToNtpSeconds;
    const uint64_t fraction = (static_cast<uint64_t>(us % 1'000'000) << 32) / 1'000'000;
    return NtpTime((seconds << 32) | fraction);
  }

  constexpr uint64_t value() const { return value_; }
  // The middle 32 bits: 16.16 fixed point seconds, as LSR and DLSR use (RFC 3550 §6.4.1).
  constexpr uint32_t compact() const { return static_cast<uint32_t>(value_ >> 16); }
  constexpr auto operator<=>(const NtpTime&) const = default;

 private:
  uint64_t value_ = 0;
};

// Bits per second.
class DataRate {
 public:
  constexpr DataRate() = default;
  static constexpr DataRate BitsPerSecond(int64_t bps) { return DataRate(bps); }
  static constexpr DataRate KilobitsPerSecond(int64_t kbps) { return DataRate(kbps * 1000); }

  constexpr int64_t bps() const { return bps_; }
  constexpr int64_t kbps() const { return bps_ / 1000; }
  constexpr auto operator<=>(const DataRate&) const = default;
  constexpr DataRate operator+(DataRate other) const { return DataRate(bps_ + other.bps_); }
  constexpr DataRate operator-(DataRate other) const { return DataRate(bps_ - other.bps_); }

 private:
  explicit constexpr DataRate(int64_t bps) : bps_(bps) {}
  int64_t bps_ = 0;
};

}  // namespace confab
