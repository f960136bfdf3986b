#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/units.h"
#include "rtc/dtls/dtls_types.h"
#include "rtc/ice/ice_types.h"
#include "rtc/session/session.h"
#include "rtc/types.h"

namespace confab::sfu {

class Consumer;
class Producer;
class Transport;

// What has come of one producer, or of several: then the jitter is the largest. A value.
struct ProducerFigures {
  uint64_t packets = 0;
  uint64_t bytes = 0;
  int64_t lost = 0;
  TimeDelta jitter;
  uint64_t keyframes = 0;
  uint64_t keyframe_requests = 0;  // to the sender
  uint64_t nacks = 0;              // packets asked for again
  uint64_t recovered = 0;

  ProducerFigures& operator+=(const ProducerFigures& other) {
    packets += other.packets;
    bytes += other.bytes;
    lost += other.lost;
    jitter = std::max(jitter, other.jitter);
    keyframes += other.keyframes;
    keyframe_requests += other.keyframe_requests;
    nacks += other.nacks;
    recovered += other.recovered;
    return *this;
  }
};

// What has gone to one consumer, or to several: then the round trip is the largest. A value.
struct ConsumerFigures {
  uint64_t packets = 0;
  uint64_t bytes = 0;    // of payload
  int64_t lost = 0;      // as the receiver reports
  TimeDelta round_trip;  // zero: not known yet
  uint64_t retransmissions = 0;

  ConsumerFigures& operator+=(const ConsumerFigures& other) {
    packets += other.packets;
    bytes += other.bytes;
    lost += other.lost;
    round_trip = std::max(round_trip, other.round_trip);
    retransmissions += other.retransmissions;
    return *this;
  }
};

// Of everything on a transport: what is there, and, in the sums, what was closed before.
struct MediaFigures {
  ProducerFigures received;
  ConsumerFigures sent;
};

// All that is known of a transport in one moment; sums count from its beginning. A value, for
// statistics and the log.
struct TransportFigures {
  // None for a plain one.
  std::optional<rtc::IceState> ice = {};
  std::optional<rtc::DtlsState> dtls = {};
  std::optional<rtc::Path> path = {};  // where media goes
  uint64_t checks = 0;                 // of the peer's ICE, that authenticated
  rtc::SessionCounters traffic;
  MediaFigures media;
  size_t producers = 0;
  size_t consumers = 0;
};

ProducerFigures FiguresOf(const Producer& producer);
ConsumerFigures FiguresOf(const Consumer& consumer);
// Looks at each producer and consumer of the transport once.
TransportFigures FiguresOf(const Transport& transport);

}  // namespace confab::sfu
