#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rtc/session/drop_reason.h"
#include "rtc/session/session.h"
#include "sim/media/received_frames.h"
#include "sim/media/received_stream.h"
#include "sim/media/sent_stream.h"
#include "sim/network/link.h"

namespace confab::sim {

// An invariant that did not hold.
struct Violation {
  std::string invariant;
  std::string sentence;
  Timestamp at;
};

// What a run did, in counts. The same for the same scenario, seed and engine.
struct Report {
  std::string scenario;
  uint64_t seed = 0;
  std::string engine;
  TimeDelta simulated;
  uint64_t joins = 0;
  uint64_t actions = 0;

  uint64_t datagrams = 0;  // put on a link, both directions
  uint64_t bytes = 0;
  LinkCounters up;
  LinkCounters down;
  uint64_t worker_received = 0;  // datagrams at the worker
  uint64_t worker_sent = 0;
  uint64_t worker_turns = 0;
  rtc::SessionCounters server;   // all sessions of the worker
  rtc::SessionCounters clients;  // all sessions of participants
  size_t most_packets_in_use = 0;

  uint64_t frames_sent = 0;  // by cameras
  FrameCounters video;       // at receivers
  FrameCounters audio;
  SentStreamCounters sent;
  ReceivedStreamCounters received;

  std::string digest;
  std::optional<Violation> violation;
};

// For people: a table, ending with the digest. `cpu`: how long the run took.
std::string ToText(const Report& report, TimeDelta cpu);
// The command that repeats the run.
std::string ReplayCommand(const Report& report);

}  // namespace confab::sim
