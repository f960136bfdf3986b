#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/random.h"
#include "base/units.h"

namespace confab::sim {

// Loss in bursts (Gilbert–Elliott): a link is good or bad, changes with each datagram by chance,
// and loses nothing while good.
struct BurstLoss {
  double enter = 0;  // chance per datagram to become bad, 0…1
  double leave = 1;  // chance per datagram to become good again, above 0…1
  double lost = 0;   // chance of a datagram to be lost while bad, 0…1
};

// A time in which a link carries nothing.
struct Outage {
  Timestamp from;
  Timestamp until;
};

// One direction of a path. The default loses nothing and takes no time.
struct LinkOptions {
  DataRate rate;                    // 0: without limit, else 8 kbit/s or more
  size_t queue_bytes = 256 * 1024;  // that wait for the rate; what comes on top is lost
  TimeDelta delay;                  // 0 or more
  TimeDelta jitter;                 // 0 or more: up to so much on top, in order all the same
  double loss = 0;                  // chance of each datagram, 0…1
  BurstLoss burst;                  // besides
  double reorder = 0;               // chance to be overtaken, 0…1
  TimeDelta reorder_delay = TimeDelta::Millis(10);  // by what is sent within this time
  double duplicate = 0;  // chance to come twice, 0…1; the copy up to 5 ms later
  std::vector<Outage> outages;
};

// When a datagram comes out of a link: never, once or twice.
struct Deliveries {
  std::array<Timestamp, 2> at;
  size_t count = 0;
};

// What links did, by reason.
struct LinkCounters {
  uint64_t sent = 0;
  uint64_t lost = 0;  // by chance
  uint64_t queue_full = 0;
  uint64_t outage = 0;
  uint64_t duplicated = 0;
  uint64_t reordered = 0;
  LinkCounters& operator+=(const LinkCounters& other);
};

// A link's state: a value with random numbers of its own. Time must not go back between calls.
class Link {
 public:
  Link(LinkOptions options, Prng random);

  Deliveries Send(Timestamp now, size_t bytes);
  const LinkCounters& counters() const { return counters_; }
  const LinkOptions& options() const { return options_; }
  bool IsOut(Timestamp now) const;

 private:
  // When the last octet has left, or nullopt: the queue is full.
  std::optional<Timestamp> Transmit(Timestamp now, size_t bytes);
  bool IsLost();
  Timestamp Arrival(Timestamp left);
  bool Chance(double probability) { return probability > 0 && random_.Uniform() < probability; }
  TimeDelta UpTo(TimeDelta limit);

  LinkOptions options_;
  Prng random_;
  Timestamp busy_until_ = Timestamp::Past();
  Timestamp last_arrival_ = Timestamp::Past();
  bool bad_ = false;
  LinkCounters counters_;
};

}  // namespace confab::sim
