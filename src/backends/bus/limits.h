#pragma once

#include <cstddef>

#include "base/units.h"

namespace confab::bus {

// What the bus takes, and what happens at each limit. Refused: an error of code kInvalidMessage
// where the caller's own data is too large, kLimitExceeded where something is full.

inline constexpr size_t kMaxRoomOctets = 128;           // a room's name; refused
inline constexpr size_t kMaxKeyOctets = 128;            // a field's key; refused
inline constexpr size_t kMaxValueOctets = 16 * 1024;    // a field's value; refused
inline constexpr size_t kMaxEventOctets = 16 * 1024;    // a change's event; refused
inline constexpr size_t kMaxMessageOctets = 64 * 1024;  // a message to an instance; refused
inline constexpr size_t kMaxFieldsPerChange = 256;      // set and removed together; refused
inline constexpr size_t kMaxFieldsPerRoom = 2048;       // refused
inline constexpr size_t kMaxLogEntries = 4096;          // of a room; the oldest goes
inline constexpr size_t kMaxOriginsPerRoom = 256;       // remembered; the stalest is forgotten
inline constexpr size_t kMaxFollowedRooms = 20'000;     // of an instance; refused
inline constexpr size_t kMaxPendingChanges = 4096;      // waiting, of an instance; refused
inline constexpr size_t kMaxPendingKept = 65'536;       // the same, of those that are kept
inline constexpr size_t kMaxRecentPerRoom = 256;        // kept for a wipe; the oldest goes
inline constexpr size_t kMaxRecentOctets = 64 * 1024 * 1024;  // of an instance; a room's oldest go
inline constexpr size_t kMaxRooms = 20'000;                   // an instance writes to; refused
inline constexpr size_t kReadEntries = 256;                   // of a log at once; more: read again
inline constexpr size_t kMaxInstances = 1000;        // of which the bus tells; no more listed
inline constexpr size_t kMaxWaitingMessages = 4096;  // to be sent; refused

// How long things take. A value; tests shorten it.
struct Times {
  // An instance that has not been heard of for `ttl` is gone: longer than any pause of a process
  // or a network that calls survive.
  TimeDelta beat = TimeDelta::Seconds(2);
  TimeDelta ttl = TimeDelta::Seconds(10);
  // The same for instances of another region, of which a relay tells.
  TimeDelta remote_ttl = TimeDelta::Seconds(60);
  TimeDelta request = TimeDelta::Seconds(2);  // for one answer of Redis
  TimeDelta change = TimeDelta::Seconds(5);   // for a Change, all attempts together
  TimeDelta first_back_off = TimeDelta::Millis(50);
  TimeDelta most_back_off = TimeDelta::Seconds(1);
  // So long Redis may fail to tell what happens before that is said: connections are made anew.
  TimeDelta deaf = TimeDelta::Seconds(3);
  // How long changes are kept after they were acknowledged, for the case of a wipe; only time in
  // which the bus answers counts.
  TimeDelta recent = TimeDelta::Seconds(30);
  // How long an instance remembers that it once wrote to a room.
  TimeDelta memory = TimeDelta::Seconds(3600);
  // How long a relay remembers where it was in the log of a room without news. Afterwards the mark
  // in the target's room tells it, which costs a question and a restatement: longer than a quiet
  // meeting, and much shorter than that room lives.
  TimeDelta relay_memory = TimeDelta::Seconds(4 * 3600);
  // A room that nobody touches is forgotten; owners of fields touch it after a quarter of this.
  TimeDelta room = TimeDelta::Seconds(86'400);
};

}  // namespace confab::bus
