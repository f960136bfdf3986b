#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "backends/bus/bus_context.h"
#include "backends/bus/instance_feed.h"
#include "backends/bus/presence.h"
#include "backends/bus/publisher.h"
#include "backends/bus/room_readers.h"

namespace confab::bus {

// The beat of one bus: says that this instance is alive, hears who else is, notices that the bus
// was wiped or answers again, and removes what the gone have left behind. One thread; shared with
// its coroutines.
class Pulse : public std::enable_shared_from_this<Pulse> {
 public:
  Pulse(std::shared_ptr<BusContext> context, std::shared_ptr<RoomReaders> readers,
        std::shared_ptr<Publisher> publisher);

  void Start();  // once
  // No beat any more; returns when none is under way, or the limit has passed.
  asio::awaitable<void> End(TimeDelta limit);
  InstanceFeed& instances() { return instances_; }

 private:
  static asio::awaitable<void> Run(std::shared_ptr<Pulse> self);
  void Take(const Beat& beat);
  void Sweep();
  static asio::awaitable<void> Remove(std::shared_ptr<Pulse> self,
                                      std::vector<RoomReaders::Ghost> ghosts);

  std::shared_ptr<BusContext> context_;
  std::shared_ptr<RoomReaders> readers_;
  std::shared_ptr<Publisher> publisher_;
  Presence presence_;
  InstanceFeed instances_;
  net::Event ended_;
  uint64_t generation_ = 0;  // 0: before the first beat
  bool is_ending_ = false;
  bool is_sweeping_ = false;
};

}  // namespace confab::bus
