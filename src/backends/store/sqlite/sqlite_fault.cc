#include "backends/store/sqlite/sqlite_fault.h"

#include <fmt/format.h>

namespace confab::store {
namespace {

StoreFault FaultOf(int code, SqliteStage stage) {
  switch (code & 0xFF) {
    case SQLITE_FULL: return StoreFault::kFull;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return StoreFault::kBusy;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG: return StoreFault::kRefused;
    case SQLITE_IOERR:
      return stage == SqliteStage::kCommit ? StoreFault::kPerhapsDone : StoreFault::kUnavailable;
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_NOMEM: return StoreFault::kUnavailable;
    default: return StoreFault::kBroken;
  }
}

std::string_view AdviceOf(int code) {
  switch (code & 0xFF) {
    case SQLITE_FULL: return "free room on its disk, or shorten what is kept";
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "another process holds its lock; try again";
    case SQLITE_IOERR: return "look at its disk";
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM: return "give confab the right to write the file and its folder";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return "the file is damaged; restore it from a backup";
    default: return "this is a mistake in the program or its schema";
  }
}

}  // namespace

StoreError SqliteError(int code, SqliteStage stage, std::string_view message) {
  return {FaultOf(code, stage),
          fmt::format("The SQLite database failed ({}): {}", message, AdviceOf(code))};
}

}  // namespace confab::store
