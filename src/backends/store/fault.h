#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace confab::store {

// Why something was not stored or read, by what the caller can do about it. After every fault but
// kPerhapsDone it is certain that nothing was changed.
enum class StoreFault : uint8_t {
  kUnavailable,  // the database does not answer: try again later
  kPerhapsDone,  // it fell silent in the middle: repeat the same call, which changes nothing twice
  kBusy,         // a queue, its connections or its locks are taken: try again later
  kFull,         // no room on the disk, or the database has reached its limit
  kRefused,      // the input cannot be stored: repeating does not help
  kBroken,       // the schema or the program is wrong
};

// Whether the same call may succeed soon, without anybody's doing: kUnavailable, kPerhapsDone,
// kBusy.
bool IsPassing(StoreFault fault);

// "unavailable", "perhaps_done", …: for logs and metrics.
std::string_view ToString(StoreFault fault);

struct StoreError {
  StoreFault fault = StoreFault::kBroken;
  std::string message;  // one sentence: what failed, why, what to do

  bool operator==(const StoreError&) const = default;
};

template <typename T>
using StoreResult = std::expected<T, StoreError>;

inline std::unexpected<StoreError> FailStore(StoreFault fault, std::string message) {
  return std::unexpected(StoreError{fault, std::move(message)});
}

// The same for clients: kUnavailable, kInvalidMessage or kInternal.
Error ToError(const StoreError& error);

}  // namespace confab::store
