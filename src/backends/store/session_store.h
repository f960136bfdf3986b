#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backends/store/database.h"

namespace confab::store {

// One participant's stay in a room.
struct SessionRow {
  std::string id;  // the caller's; unique over all rooms
  std::string room;
  std::string participant;
  std::string identity;            // "": a guest
  std::string name;                // as shown to others
  std::string signaling_instance;  // who keeps it
  int64_t started_at_us = 0;
  int64_t ended_at_us = 0;  // 0: goes on
  std::string end_reason;   // "" while it goes on

  bool operator==(const SessionRow&) const = default;
};

// Who was where, and when. Lives on the database's thread; the database must outlive it and its
// calls. Every call may be repeated after kPerhapsDone.
class SessionStore {
 public:
  explicit SessionStore(Database& database) : database_(database) {}

  // An id that is there already stays as it was stored first.
  asio::awaitable<StoreResult<void>> Start(SessionRow session);

  // Another instance keeps it from now on, and it goes on: if it was ended, then because the one
  // before died. An id that is not there: nothing.
  asio::awaitable<StoreResult<void>> Move(std::string id, std::string signaling_instance);

  struct End {
    std::string reason;  // one word
    int64_t at_us = 0;
  };
  enum class Ended : uint8_t { kEnded, kUnknown };
  // The first end stays. kUnknown: no such session was started.
  asio::awaitable<StoreResult<Ended>> Finish(std::string id, End end);
  // What an instance that died had open, at most kMaxPageRows in one call: how many were ended.
  // Call it again until it is 0.
  asio::awaitable<StoreResult<int64_t>> FinishAllOf(std::string signaling_instance, End end);

  // Nothing: there is none.
  asio::awaitable<StoreResult<std::optional<SessionRow>>> Find(std::string id);
  // Newest first. Behind the session `before`: its start and its id; the default begins with the
  // newest. At most kMaxPageRows.
  struct Before {
    int64_t started_at_us = INT64_MAX;
    std::string id;
  };
  asio::awaitable<StoreResult<std::vector<SessionRow>>> OfRoom(std::string room, Before before,
                                                               int64_t max_rows);

 private:
  Database& database_;
};

}  // namespace confab::store
