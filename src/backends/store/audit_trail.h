#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backends/store/database.h"

namespace confab::store {

// That somebody did something which others may ask about later.
struct AuditEntry {
  std::string id;  // the caller's, unique
  int64_t at_us = 0;
  std::string actor;   // what it is and its name: "person:…", "api:…", "participant:…"
  std::string action;  // a word such as "participant.remove"
  std::string room;    // "": none
  std::string target;  // whom or what it was done to; "": none
  std::string detail;  // JSON of the caller's

  bool operator==(const AuditEntry&) const = default;
};

// Who did what. Entries are added and, by Retention, removed, never changed. Lives on the
// database's thread; the database must outlive it and its calls. Every call may be repeated after
// kPerhapsDone.
class AuditTrail {
 public:
  explicit AuditTrail(Database& database) : database_(database) {}

  // An id that is there already stays as it was stored first.
  asio::awaitable<StoreResult<void>> Add(AuditEntry entry);

  // Newest first, behind the entry `before`: its time and its id; the default begins with the
  // newest. At most kMaxPageRows.
  struct Before {
    int64_t at_us = INT64_MAX;
    std::string id;
  };
  asio::awaitable<StoreResult<std::vector<AuditEntry>>> Page(Before before, int64_t max_rows);
  // Those of one room.
  asio::awaitable<StoreResult<std::vector<AuditEntry>>> OfRoom(std::string room, Before before,
                                                               int64_t max_rows);

 private:
  Database& database_;
};

}  // namespace confab::store
