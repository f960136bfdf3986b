#pragma once

#include <vector>

#include "auth/api_keys.h"
#include "backends/store/api_key_store.h"

namespace confab::app {

// An API key as the store keeps it, and back. Rows that are no keys are left out.
store::ApiKeyRow ToRow(const auth::ApiKey& key);
std::vector<auth::ApiKey> ReadRows(const std::vector<store::ApiKeyRow>& rows);

}  // namespace confab::app
