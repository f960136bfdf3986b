#pragma once

#include "app/config/config.h"
#include "backends/store/make_store.h"
#include "base/error.h"

namespace confab::app {

// Whether the configuration names a store, which then is the same for every process and command.
// Otherwise each finds its own file in data_dir.
inline bool IsStoreShared(const Config& config) {
  return config.store.url != "auto";
}

// How the store is reached. Error kInvalidConfiguration: a folder or a file that cannot be used.
Result<store::StoreOptions> StoreOptionsOf(const Config& config);

}  // namespace confab::app
