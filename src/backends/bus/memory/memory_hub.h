#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "backends/bus/ledger.h"
#include "backends/bus/limits.h"
#include "backends/bus/memory/memory_room.h"

namespace confab::bus {

// What Redis is for several processes, for several buses in one: rooms, who is alive, who listens.
// One io_context and its thread. Shared by its ledgers.
class MemoryHub {
 public:
  explicit MemoryHub(const Times& times) : times_(times) {}

  uint64_t generation() const { return generation_; }
  Result<Written> Write(const std::string& room, uint64_t generation, const Draft& draft);
  LogRead Read(const std::string& room, const std::string& life, uint64_t after) const;
  RoomState Snapshot(const std::string& room) const;
  void Touch(const std::string& room);
  std::string Mark(const std::string& room, const std::string& name) const;
  Beat DoBeat(const InstanceName& self, const std::vector<InstanceName>& remote);
  void Leave(const InstanceName& self);
  size_t Publish(const std::string& channel, const std::string& bytes);

  // One who listens, a part of its ledger.
  struct Subscriber {
    asio::io_context* io = nullptr;
    Ledger::Listener listener;
    std::set<std::string> rooms;
    std::set<std::string> channels;
    bool wants_all = false;
  };
  void Add(const std::shared_ptr<Subscriber>& subscriber);
  std::vector<std::string> rooms() const;

  // For tests: takes no changes, as a Redis whose memory is full.
  void SetFull(bool is_full) { is_full_ = is_full; }
  // For tests: everything is lost, as with FLUSHALL.
  void Wipe();
  // For tests: as if its ttl were over.
  void Expire(const InstanceName& name);

 private:
  MemoryRoom& Open(const std::string& room, uint64_t generation, uint64_t floor);
  void TellNews(const std::string& room);
  void TellInstances();
  void Forget(Timestamp now);

  Times times_;
  uint64_t generation_ = 0;  // 0: none
  bool is_full_ = false;
  std::map<std::string, MemoryRoom> rooms_;
  std::map<InstanceName, Timestamp> alive_;  // until when
  std::vector<std::weak_ptr<Subscriber>> subscribers_;
};

// Tells the listener in a later turn, if it is still there.
void TellLater(const std::shared_ptr<MemoryHub::Subscriber>& subscriber,
               std::function<void(const Ledger::Listener&)> tell);

}  // namespace confab::bus
