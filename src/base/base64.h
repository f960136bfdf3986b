#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace confab {

// Base 64 (RFC 4648 §4), with padding.
std::string ToBase64(BytesView bytes);
// nullopt: anything that ToBase64 would not write, such as line breaks, missing padding, or bits
// beyond the last octet (§3.5).
std::optional<std::vector<uint8_t>> FromBase64(std::string_view text);

}  // namespace confab
