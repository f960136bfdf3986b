#include "sim/network/link.h"

#include <algorithm>

#include "base/check.h"

namespace confab::sim {
namespace {

constexpr int64_t kMinRateBps = 8'000;
constexpr TimeDelta kDuplicateDelay = TimeDelta::Millis(5);

bool IsProbability(double value) {
  return value >= 0 && value <= 1;
}

}  // namespace

LinkCounters& LinkCounters::operator+=(const LinkCounters& other) {
  sent += other.sent;
  lost += other.lost;
  queue_full += other.queue_full;
  outage += other.outage;
  duplicated += other.duplicated;
  reordered += other.reordered;
  return *this;
}

Link::Link(LinkOptions options, Prng random) : options_(std::move(options)), random_(random) {
  CHECK(options_.rate.bps() == 0 || options_.rate.bps() >= kMinRateBps);
  CHECK(options_.delay >= TimeDelta() && options_.jitter >= TimeDelta());
  for (const double chance : {options_.loss, options_.burst.enter, options_.burst.leave,
                              options_.burst.lost, options_.reorder, options_.duplicate}) {
    CHECK(IsProbability(chance));
  }
}

bool Link::IsOut(Timestamp now) const {
  return std::ranges::any_of(options_.outages, [now](const Outage& outage) {
    return outage.from <= now && now < outage.until;
  });
}

// What is lost has still taken its time on the wire: loss is beyond the bottleneck.
Deliveries Link::Send(Timestamp now, size_t bytes) {
  ++counters_.sent;
  const auto left = Transmit(now, bytes);
  const bool lost = IsLost();
  if (!left) {
    ++counters_.queue_full;
    return {};
  }
  if (IsOut(now)) {
    ++counters_.outage;
    return {};
  }
  if (lost) {
    ++counters_.lost;
    return {};
  }
  Deliveries deliveries{.at = {Arrival(*left), Timestamp()}, .count = 1};
  if (Chance(options_.duplicate)) {
    ++counters_.duplicated;
    deliveries.at[deliveries.count++] = deliveries.at[0] + UpTo(kDuplicateDelay);
  }
  return deliveries;
}

std::optional<Timestamp> Link::Transmit(Timestamp now, size_t bytes) {
  const int64_t rate = options_.rate.bps();
  if (rate == 0) return now;
  const Timestamp start = std::max(now, busy_until_);
  const int64_t waiting_bytes = (start - now).us() * rate / 8'000'000;
  if (waiting_bytes + static_cast<int64_t>(bytes) > static_cast<int64_t>(options_.queue_bytes)) {
    return std::nullopt;
  }
  const int64_t us = (static_cast<int64_t>(bytes) * 8'000'000 + rate - 1) / rate;
  return busy_until_ = start + TimeDelta::Micros(us);
}

bool Link::IsLost() {
  const bool lost = Chance(options_.loss);
  if (options_.burst.enter == 0) return lost;
  if (Chance(bad_ ? options_.burst.leave : options_.burst.enter)) bad_ = !bad_;
  const bool lost_in_burst = bad_ && Chance(options_.burst.lost);
  return lost || lost_in_burst;
}

Timestamp Link::Arrival(Timestamp left) {
  const Timestamp at = left + options_.delay + UpTo(options_.jitter);
  if (Chance(options_.reorder)) {
    ++counters_.reordered;
    return std::max(at, last_arrival_) + options_.reorder_delay;
  }
  return last_arrival_ = std::max(at, last_arrival_);
}

TimeDelta Link::UpTo(TimeDelta limit) {
  if (limit <= TimeDelta()) return {};
  return TimeDelta::Micros(
      static_cast<int64_t>(random_.Below(static_cast<uint64_t>(limit.us()) + 1)));
}

}  // namespace confab::sim
