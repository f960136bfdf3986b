#pragma once

#include <cstddef>
#include <string>

#include "backends/store/limits.h"
#include "base/units.h"

namespace confab::store {

// How a PostgreSQL database is reached. All instances together must stay below the server's
// max_connections.
struct PostgresOptions {
  std::string url;  // postgresql://…, as libpq takes it; may hold a password: never logged
  std::string password = {};  // in place of the URL's, where it is not ""
  size_t max_connections = 8;
  // Until a server says its first word, for all servers of the URL together.
  TimeDelta connect_limit = TimeDelta::Seconds(5);
  // From the turn of a call to its answer; then it is perhaps done and its connection is closed.
  // And from a server's first word to the end of the login, which takes several. The server gives
  // up a second before, which leaves no doubt.
  TimeDelta call_limit = TimeDelta::Seconds(10);
  // How long a call waits for a connection.
  TimeDelta wait_limit = kMaxWait;
  // After a failed attempt to connect; doubled with each, a random half of it taken off.
  TimeDelta first_pause = TimeDelta::Millis(100);
  TimeDelta most_pause = TimeDelta::Seconds(3);
  // After the server could be reached again there is one connection for so long: longer than
  // most_pause, so that every other process has come back and has one, too.
  TimeDelta settling = TimeDelta::Seconds(4);
  // A connection without work is closed after it. Not sooner: to a server that is slow in answering
  // a new one takes long to come about, and one alone would be too few.
  TimeDelta idle_limit = TimeDelta::Seconds(60);
};

}  // namespace confab::store
