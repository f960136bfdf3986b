#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "services/logs/story/figures.h"
#include "services/logs/story/times.h"

// What the lines of one call tell, put in order. Values, in limits that hostile lines cannot pass:
// what is beyond is left out.
namespace confab::logs {

// The same media instance for a time.
struct MediaStay {
  std::string instance;
  TimeSpan time;
  std::string moved_line;  // that says that the room had to go; "" where none does
};

struct TransportStory {
  // What its media instance said of it, at a time.
  struct Report {
    int64_t at_us = 0;
    std::string line;
    Figures figures;
    Words words;
  };
  static constexpr size_t kMaxReports = 2000;

  std::string id, direction, media, kind;
  std::optional<int64_t> made_us, connected_us, closed_us;
  std::string reason;                   // of the closing
  std::string protocol, local, remote;  // of the path, as said last
  std::string path_line;                // that said it
  int64_t path_at_us = 0;
  std::vector<Report> reports;  // in the order of time

  bool is_connected() const { return connected_us.has_value(); }
};

struct MuteStory {
  TimeSpan time;
  std::string by;  // "self", "moderator"; "" where nobody says
  std::string line;
};

struct ProducerStory {
  static constexpr size_t kMaxMutes = 200;

  std::string id, source;
  std::optional<int64_t> added_us, closed_us;
  bool is_paused = false;
  std::vector<MuteStory> mutes;
};

// A report of a participant's page.
struct ClientReport {
  int64_t at_us = 0;
  std::string line;
  Figures figures;
  Words words;
};

struct ConnectionChange {
  int64_t at_us = 0;
  std::string what;  // "joined", "lost", "resumed", "left"
  std::string from;  // of "resumed": "here", "elsewhere"
  std::string line;
};

struct Stage {
  std::string name;
  int64_t took_us = 0;
};

struct ParticipantStory {
  static constexpr size_t kMaxTransports = 64, kMaxProducers = 64, kMaxChanges = 200;
  static constexpr size_t kMaxNames = 16;  // sessions, traces
  static constexpr size_t kMaxReports = 2000;

  std::string id;
  std::optional<int64_t> joined_us, left_us;
  std::string reason;     // of leaving
  std::string left_line;  // that says it, or the last one of who has vanished
  std::vector<std::string> sessions, traces;
  std::vector<Stage> stages;
  std::vector<ConnectionChange> changes;
  std::vector<TransportStory> transports;
  std::vector<ProducerStory> producers;
  std::vector<ClientReport> reports;
};

// An error with its sentence.
struct FailureStory {
  int64_t at_us = 0;
  std::string event, service, participant, code, message, error_id, trace, line;
  std::string reason;             // of a refused connection
  std::optional<int64_t> ago_us;  // of what a page tells later
  bool is_of_room = false;        // or of what stands behind all rooms
};

// One of the calls of a room.
struct CallStory {
  int64_t from_us = 0;
  std::optional<int64_t> to_us;  // nothing: somebody is inside
  size_t participants = 0;
};

struct Story {
  static constexpr size_t kMaxParticipants = 2000, kMaxFailures = 2000, kMaxStays = 64;

  std::string room;
  CallStory call;
  bool is_complete = false;
  std::vector<CallStory> calls;  // of the room, the newest first
  std::vector<MediaStay> media;
  std::vector<ParticipantStory> participants;  // in the order of their first lines
  std::vector<FailureStory> failures;
  std::vector<std::string> instances;  // whose lines these are
  size_t lines_left_out = 0;

  bool is_live() const { return !call.to_us; }
  // To its end, or now.
  TimeSpan time() const { return {call.from_us, call.to_us}; }
};

}  // namespace confab::logs
