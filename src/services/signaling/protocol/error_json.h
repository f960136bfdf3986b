#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/units.h"
#include "services/signaling/protocol/json.h"

namespace confab::signaling {

// The same with a message that is a sentence: it ends as one, and begins with a capital letter, but
// where it begins with the name of a field.
Error AsSentence(Error error);

// The `Error` object of the protocol. `id` finds it in the log.
json::object ErrorJson(const Error& error, std::string_view id,
                       std::optional<TimeDelta> retry_after = std::nullopt);

}  // namespace confab::signaling
