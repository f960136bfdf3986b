#pragma once

#include <cstdint>
#include <memory>

#include "backends/store/api_key_store.h"
#include "backends/store/audit_trail.h"
#include "backends/store/database.h"
#include "backends/store/message_store.h"
#include "backends/store/placement_store.h"
#include "backends/store/retention.h"
#include "backends/store/revocation_store.h"
#include "backends/store/room_store.h"
#include "backends/store/session_store.h"
#include "backends/store/used_token_store.h"

namespace confab::store {

// What outlives processes: the database and everything that is kept in it. Lives on one io_context
// and its thread, as every call to it and its parts; the io_context must outlive it. A process has
// one.
class Store {
 public:
  explicit Store(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  // Brings the schema up to date; to be called, until it succeeds, before anything else is. Faults:
  // kUnavailable, kBusy and kPerhapsDone pass, the others want a person.
  asio::awaitable<StoreResult<void>> Prepare(int64_t now_us);

  RoomStore& rooms() { return rooms_; }
  PlacementStore& placements() { return placements_; }
  SessionStore& sessions() { return sessions_; }
  MessageStore& messages() { return messages_; }
  ApiKeyStore& api_keys() { return api_keys_; }
  RevocationStore& revocations() { return revocations_; }
  UsedTokenStore& used_tokens() { return used_tokens_; }
  AuditTrail& audit() { return audit_; }
  Retention& retention() { return retention_; }

  DatabaseStatus status() const { return database_->status(); }

 private:
  std::unique_ptr<Database> database_;
  RoomStore rooms_{*database_};
  PlacementStore placements_{*database_};
  SessionStore sessions_{*database_};
  MessageStore messages_{*database_};
  ApiKeyStore api_keys_{*database_};
  RevocationStore revocations_{*database_};
  UsedTokenStore used_tokens_{*database_};
  AuditTrail audit_{*database_};
  Retention retention_{*database_};
};

}  // namespace confab::store
