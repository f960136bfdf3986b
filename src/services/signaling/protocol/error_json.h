#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/units.h"
#include "services/signaling/protocol/json.h"

namespace confab::signaling {

// The `Error` object of the protocol. `id` finds it in the log.
json::object ErrorJson(const Error& error, std::string_view id,
                       std::optional<TimeDelta> retry_after = std::nullopt);

}  // namespace confab::signaling
