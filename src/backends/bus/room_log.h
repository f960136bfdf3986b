#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "backends/bus/instance_name.h"

namespace confab::bus {

// The values that the bus deals in. A room's state is its fields; its log is the list of changes,
// each with a sequence number, one above the one before.

struct FieldValue {
  std::string key;
  std::string value;
  bool operator==(const FieldValue&) const = default;
};

// What an instance does to its own fields of a room, all at once or not at all. Setting a field
// that another instance owns takes it over; removing one that is not its own does nothing.
struct RoomChange {
  std::vector<FieldValue> set;
  std::vector<std::string> remove;
  std::string event;  // for whoever follows the room; "" for none
};

enum class EntryKind : uint8_t {
  kChange,
  // `set` is everything that `origin` has in the room: after Redis was wiped, or after the others
  // took `origin` for gone. A follower that has other fields of it drops those.
  kRestated,
  // `origin` is gone for good: all that it had in the room is removed. `removed` names the fields
  // that Redis had; a follower drops whatever else it has of it.
  kGone,
  // What stood in the log cannot be read. Followers are not told of it.
  kBroken,
};

struct LogEntry {
  uint64_t sequence = 0;
  EntryKind kind = EntryKind::kChange;
  InstanceName origin;
  uint64_t number = 0;    // counts up in each origin
  uint64_t previous = 0;  // the number of the origin's last change of this room; 0: none known
  // Of a change that is said again after a wipe: the sequence that it had before; else 0.
  uint64_t first_sequence = 0;
  std::vector<FieldValue> set;
  // Also where the field was not there: after a wipe a follower may have it still.
  std::vector<std::string> removed;
  std::string event;
  bool operator==(const LogEntry&) const = default;
};

// Up to where a follower knows a room. Comes from a Snapshot; opaque to who follows.
struct Position {
  // A room that was lost and made anew has another life, and goes on with higher sequences.
  std::string life;  // "": there was no such room
  uint64_t sequence = 0;
  std::map<InstanceName, uint64_t> numbers;  // the last of each origin
  std::set<InstanceName> owners;             // who has, or had, fields
};

struct OwnedField {
  std::string key;
  std::string value;
  InstanceName owner;
  uint64_t sequence = 0;  // of the change that set it
  bool operator==(const OwnedField&) const = default;
};

struct RoomState {
  Position position;
  std::vector<OwnedField> fields;  // in order of their keys
};

enum class ResetReason : uint8_t {
  kTrimmed,  // the log does not reach back so far
  kMissed,   // Redis lost changes that this follower has not seen
};

}  // namespace confab::bus
