#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string_view>

#include "backends/store/fault.h"

namespace confab::store {

// Where in a transaction something failed.
enum class SqliteStage : uint8_t {
  kBody,    // before the commit: certainly undone
  kCommit,  // in it: an I/O error may leave it in the log, to be found at the next start
};

// What a result code of SQLite (an extended one) means for the caller. `message`: SQLite's own.
StoreError SqliteError(int code, SqliteStage stage, std::string_view message);

}  // namespace confab::store
