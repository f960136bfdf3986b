#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace confab::logs {

// Microseconds since the Unix epoch of "2026-01-31T23:59:59.123456Z", as observe::FormatUtc writes
// it; the fraction may have fewer digits or be missing. nullopt: anything else, and years before
// 1970.
std::optional<int64_t> ParseUtc(std::string_view text);

}  // namespace confab::logs
