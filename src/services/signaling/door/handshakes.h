#pragma once

#include <cstdint>

#include "base/token_bucket.h"
#include "base/units.h"
#include "observe/logger.h"
#include "services/signaling/door/door.h"
#include "services/signaling/protocol/json.h"

namespace confab::signaling {

// Looks at what clients show when they connect, and writes down whom it did not let in, and why. Of
// a flood only some: how many were left out is in the next line. Lives on the io_context's thread;
// the door must outlive it.
class Handshakes {
 public:
  static constexpr int64_t kLinesPerSecond = 10;
  static constexpr int64_t kLineBurst = 100;

  Handshakes(Door& door, observe::Logger logger) : door_(door), logger_(std::move(logger)) {}

  // `auth`: the object of the handshake. Error: kInvalidMessage, kUnsupportedProtocol,
  // kUnauthorized, kUnavailable.
  Result<Pass> Check(const json::object& auth, Timestamp now);

 private:
  enum class At : uint8_t { kProtocol, kToken };
  void WriteDown(const Error& error, At at, std::string_view token, Timestamp now);

  Door& door_;
  observe::Logger logger_;
  TokenBucket lines_{kLinesPerSecond, kLineBurst};
  uint64_t left_out_ = 0;
};

}  // namespace confab::signaling
