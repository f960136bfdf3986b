#pragma once

#include "backends/bus/ledger.h"
#include "backends/bus/redis/reply.h"

namespace confab::bus {

// What the scripts answer, taken apart. What cannot be read is kUnavailable: another program, or
// another version, wrote there; an entry of a log that cannot be read is kBroken.
Result<Written> ParseWritten(const Reply& reply);
Result<LogRead> ParseLogRead(const Reply& reply);
Result<RoomState> ParseSnapshot(const Reply& reply);
Result<Beat> ParseBeat(const Reply& reply);

}  // namespace confab::bus
