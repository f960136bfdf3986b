#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/bench/process_load.h"
#include "base/units.h"
#include "client/publisher.h"
#include "client/subscriber.h"

namespace confab::app {

// One room's part of a bench call, or the sum of all.
struct CallFigures {
  std::string name;
  uint64_t publishers = 0;
  uint64_t subscribers = 0;
  client::PublisherCounters sent;
  client::SubscriberCounters received;
  uint64_t measured_octets = 0;       // of payload received, within the measured time
  uint64_t stopped_streams = 0;       // on which nothing came any more while it was sent
  std::vector<TimeDelta> sound_gaps;  // of all who receive; see client::SoundGaps

  void Add(const CallFigures& other);
  uint64_t packets() const { return received.video.packets + received.audio.packets; }
  uint64_t missing() const { return received.video.missing + received.audio.missing; }
  // Of all numbers that should have come, 0…100.
  double missing_percent() const;
};

// The server's process: before anyone came, and at both ends of the measured time.
struct ServerLoad {
  ProcessLoad before;
  ProcessLoad begin;
  ProcessLoad end;
};

struct CallReport {
  TimeDelta measured;
  std::vector<CallFigures> rooms;
  TimeDelta own_cpu;  // of this process within the measured time
  std::optional<ServerLoad> server;

  CallFigures Sum() const;
};

// For people: a line per room, the sum, and what it cost.
std::string ToTable(const CallReport& report);
// For programs.
boost::json::object ToJson(const CallReport& report);

}  // namespace confab::app
