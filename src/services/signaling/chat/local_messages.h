#pragma once

#include <deque>
#include <map>
#include <string>

#include "services/signaling/chat/messages.h"

namespace confab::signaling {

// In memory, where there is no store: the newest of each room, gone with the process.
class LocalMessages final : public Messages {
 public:
  static constexpr size_t kMaxMessagesPerRoom = 500;
  static constexpr size_t kMaxRooms = 1000;  // beyond, the one that was used least lately goes

  asio::awaitable<Result<store::MessageRow>> Add(store::NewMessage message) override;
  asio::awaitable<Result<std::vector<store::MessageRow>>> History(Page page) override;

 private:
  struct Room {
    std::deque<store::MessageRow> rows;
    int64_t last_seq = 0;
    uint64_t used = 0;
  };
  Room& Open(const std::string& name);

  std::map<std::string, Room> rooms_;
  uint64_t uses_ = 0;
};

}  // namespace confab::signaling
