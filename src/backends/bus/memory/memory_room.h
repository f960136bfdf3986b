#pragma once

#include <deque>
#include <map>
#include <string>

#include "backends/bus/ledger.h"

namespace confab::bus {

// One room in memory: what redis/room_scripts.cc does to a room's keys, in C++. The time comes from
// outside.
class MemoryRoom {
 public:
  // Of this generation; its sequences begin above `base`.
  MemoryRoom(uint64_t generation, uint64_t base);

  uint64_t generation() const { return generation_; }
  uint64_t sequence() const { return sequence_; }
  const std::string& life() const { return life_; }

  // kLimitExceeded: too many fields; nothing was written.
  Result<Written> Write(const Draft& draft);
  LogRead Read(const std::string& life, uint64_t after) const;
  RoomState Snapshot() const;
  std::string Mark(const std::string& name) const;
  void Touch(Timestamp now) { touched_ = now; }
  Timestamp touched() const { return touched_; }

 private:
  struct Done {
    uint64_t number = 0;
    uint64_t sequence = 0;
  };
  bool HasRoomFor(const Draft& draft) const;
  LogEntry MakeEntry(const Draft& draft);
  void Set(const Draft& draft, LogEntry& entry);
  void RemoveKeys(const Draft& draft, LogEntry& entry);
  void RemoveAllBut(const InstanceName& owner, const std::vector<OwnedField>& kept,
                    LogEntry& entry);
  void RememberOrigin(const Draft& draft);

  uint64_t generation_;
  std::string life_;
  uint64_t base_;
  uint64_t sequence_;
  std::map<std::string, OwnedField> fields_;
  std::deque<LogEntry> log_;
  std::map<InstanceName, Done> origins_;
  std::map<std::string, std::string> marks_;
  Timestamp touched_;
};

}  // namespace confab::bus
