#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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

  // Its instance keeps it from now on, and it goes on: if it was ended, then by the one before,
  // which died or could not know. An id that is there keeps how it was stored first otherwise.
  asio::awaitable<StoreResult<void>> TakeOver(SessionRow session);

  struct End {
    std::string reason;  // one word
    int64_t at_us = 0;
    std::string signaling_instance = {};  // who ends it
  };
  enum class Ended : uint8_t { kEnded, kUnknown };
  // The first end stays, and one that another instance has taken over goes on. kUnknown: no such
  // session was started.
  asio::awaitable<StoreResult<Ended>> Finish(std::string id, End end);
  // What this instance had open when it died, at most kMaxPageRows in one call: how many were
  // ended. Call it again until it is 0.
  asio::awaitable<StoreResult<int64_t>> FinishAllOf(End end);

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
  asio::awaitable<StoreResult<void>> Put(std::string_view sql, SessionRow session);

  Database& database_;
};

}  // namespace confab::store
