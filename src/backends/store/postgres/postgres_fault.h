#pragma once

#include <string_view>

#include "backends/store/fault.h"

namespace confab::store {

// What an error of the server (its SQLSTATE, PostgreSQL's appendix A) means for the caller, given
// that nothing of the transaction was done. `message`: the server's own.
StoreError PostgresError(std::string_view sqlstate, std::string_view message);

// Whether the connection is of no use after this error: the server goes down, is no longer the one
// that takes writes, or has forgotten what was prepared.
bool EndsConnection(std::string_view sqlstate);

// As libpq words it, in one line without the end of line.
std::string OneLine(std::string_view message);

}  // namespace confab::store
