#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bucket_counts.h"

namespace confab::sfu {

// Why a transport ended. The text form is a metric label.
enum class TransportEnd : uint8_t {
  kClosed,        // signaling said so: its participant left, or made another
  kNeverReached,  // its peer never came with a valid check: blocked, or sent elsewhere
  kLost,          // its peer fell silent
  kDtlsFailed,
  kDtlsClosed,  // its peer said goodbye
  kCount,
};
inline constexpr size_t kTransportEnds = static_cast<size_t>(TransportEnd::kCount);

constexpr std::string_view ToString(TransportEnd end) {
  switch (end) {
    case TransportEnd::kClosed: return "closed";
    case TransportEnd::kNeverReached: return "never-reached";
    case TransportEnd::kLost: return "lost";
    case TransportEnd::kDtlsFailed: return "dtls-failed";
    case TransportEnd::kDtlsClosed: return "dtls-closed";
    case TransportEnd::kCount: break;
  }
  return "";
}

// Packets of one way that RTCP receiver reports tell of: how many there should have been, and how
// many of them did not come. What comes by retransmission in time is not lost.
struct LossCounts {
  uint64_t expected = 0;
  uint64_t lost = 0;

  LossCounts& operator+=(const LossCounts& other) {
    expected += other.expected;
    lost += other.lost;
    return *this;
  }
};

// What a worker's transports count together, since the start. Changed on the worker's thread.
struct MediaCounters {
  LossCounts from_senders;         // as we report to senders
  LossCounts to_receivers;         // as receivers report to us
  uint64_t keyframe_requests = 0;  // to senders
  uint64_t missing_requested = 0;  // packets that senders were asked to repeat
  uint64_t repeated = 0;           // packets that were sent again to a receiver
  uint64_t connected = 0;          // transports whose media could begin to flow
  std::array<uint64_t, kTransportEnds> ended{};
  // From a peer's first valid check to media that may flow: what DTLS takes.
  BucketCounts handshakes{kCallTimes};
  // As receivers' reports show them.
  BucketCounts round_trips{kCallTimes};

  void CountEnd(TransportEnd end) { ++ended[static_cast<size_t>(end)]; }

  MediaCounters& operator+=(const MediaCounters& other) {
    from_senders += other.from_senders;
    to_receivers += other.to_receivers;
    keyframe_requests += other.keyframe_requests;
    missing_requested += other.missing_requested;
    repeated += other.repeated;
    connected += other.connected;
    for (size_t i = 0; i < ended.size(); ++i) ended[i] += other.ended[i];
    handshakes += other.handshakes;
    round_trips += other.round_trips;
    return *this;
  }
};

}  // namespace confab::sfu
