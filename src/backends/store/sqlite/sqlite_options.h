#pragma once

#include <cstdint>
#include <filesystem>

#include "base/units.h"

namespace confab::store {

struct SqliteOptions {
  std::filesystem::path file;
  // The file grows no further; then everything that needs room fails with kFull.
  int64_t max_bytes = int64_t{64} * 1024 * 1024 * 1024;
  // How long another process that writes is waited for.
  TimeDelta lock_wait = TimeDelta::Seconds(5);
};

}  // namespace confab::store
