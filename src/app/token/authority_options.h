#pragma once

#include <filesystem>

#include "auth/authority.h"

namespace confab::app {

// Where a deployment's keys lie below its data folder: keys/ and api-keys.json. Every command that
// signs or verifies takes these.
inline auth::Authority::Options AuthorityOptions(const std::filesystem::path& data_dir) {
  return {.folder = data_dir / "keys", .api_keys = data_dir / "api-keys.json"};
}

}  // namespace confab::app
