#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace confab::auth {

// Base 64 for URLs, without padding, as JWS writes it (RFC 7515 §2).
std::string ToBase64Url(BytesView bytes);
// nullopt: anything that ToBase64Url would not write, so that the same bytes have one spelling.
std::optional<std::vector<uint8_t>> FromBase64Url(std::string_view text);

}  // namespace confab::auth
