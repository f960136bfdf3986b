#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backends/bus/bus_context.h"
#include "backends/bus/cursor.h"
#include "backends/bus/presence.h"

namespace confab::bus {

// Reads the logs of the rooms that are followed and tells the followers. One thread; shared with
// its coroutines.
class RoomReaders : public std::enable_shared_from_this<RoomReaders> {
 public:
  explicit RoomReaders(std::shared_ptr<BusContext> context) : context_(std::move(context)) {}

  std::unique_ptr<Bus::Following> Follow(const std::string& room, Position position,
                                         Bus::Follower follower);
  // The log of the room may have grown.
  void Wake(const std::string& room);
  void WakeAll();
  size_t rooms() const { return rooms_.size(); }

  struct Ghost {
    std::string room;
    InstanceName owner;
    uint64_t floor = 0;
  };
  // Who has something in a room and is gone.
  std::vector<Ghost> FindGhosts(Presence& presence, Timestamp now) const;
  // Nothing is left of it in the room.
  void ForgetGhost(const Ghost& ghost);

 private:
  struct Reader;
  class Handle;

  void Wake(const std::shared_ptr<Reader>& reader);
  void Remove(const std::shared_ptr<Reader>& reader);
  static asio::awaitable<void> Read(std::shared_ptr<RoomReaders> self,
                                    std::shared_ptr<Reader> reader);
  // Whether the reader goes on.
  bool Tell(Reader& reader, const LogRead& read);

  std::shared_ptr<BusContext> context_;
  std::map<std::string, std::vector<std::shared_ptr<Reader>>> rooms_;
};

}  // namespace confab::bus
