#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backends/store/database.h"

namespace confab::store {

// A room that somebody set up. Rooms that people merely enter need none.
struct RoomRow {
  std::string room;           // its name, as tokens carry it; 1 to kMaxRoomBytes
  std::string settings;       // JSON of the caller's; at most kMaxSettingsBytes
  int64_t version = 1;        // counts the changes
  int64_t created_at_us = 0;  // since 1970, by the caller's clock
  int64_t changed_at_us = 0;

  bool operator==(const RoomRow&) const = default;
};

// Rooms and their settings. Lives on the database's thread; the database must outlive it and its
// calls. Faults: StoreFault; kRefused names the field that is wrong.
class RoomStore {
 public:
  explicit RoomStore(Database& database) : database_(database) {}

  // Sets a room up. Where there is one already that one stays as it is, and is what comes back: the
  // caller sees by the settings whether it is what it wanted. May be repeated.
  asio::awaitable<StoreResult<RoomRow>> Create(std::string room, std::string settings,
                                               int64_t now_us);

  // The room as it stands afterwards.
  enum class Change : uint8_t { kDone, kConflict, kNotFound };
  struct Changed {
    Change outcome = Change::kNotFound;
    RoomRow room;  // kConflict: what another one made of it
  };
  struct Wanted {
    std::string room;
    std::string settings;
    int64_t seen_version = 0;  // a change that another one has made since is not overwritten
    int64_t now_us = 0;
  };
  // May be repeated: where the change is there already it is kDone.
  asio::awaitable<StoreResult<Changed>> ChangeSettings(Wanted wanted);

  // Nothing: there is none.
  asio::awaitable<StoreResult<std::optional<RoomRow>>> Find(std::string room);
  // In the order of the names, behind `after` ("": from the first), at most kMaxPageRows.
  asio::awaitable<StoreResult<std::vector<RoomRow>>> Page(std::string after, int64_t max_rows);
  // That there was none is no fault. Messages and records stay until Retention removes them.
  asio::awaitable<StoreResult<void>> Remove(std::string room);

 private:
  Database& database_;
};

}  // namespace confab::store
