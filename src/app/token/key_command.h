#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "app/token/token_command.h"
#include "auth/authority.h"
#include "backends/store/make_store.h"

namespace confab::app {

// Where API keys are: in the store that all processes share, where there is one, and in the file of
// the data folder. New ones go into the store then; those of the file stay good.
struct KeyPlaces {
  std::filesystem::path file;
  std::optional<store::StoreOptions> store;
};

// `confab token key …`.
TokenOutcome NewKey(const TokenRun& run, const KeyPlaces& places, int64_t now_s);
TokenOutcome ListKeys(const KeyPlaces& places);
TokenOutcome RemoveKey(const TokenRun& run, const KeyPlaces& places);

// Lets the authority verify tokens under the keys of the store. While that is away they are refused
// with kUnavailable.
void TakeStoredKeys(const store::StoreOptions& store, auth::Authority& authority, int64_t now_s);

}  // namespace confab::app
