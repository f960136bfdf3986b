#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace confab {

// RFC 4648 §4, with padding. Both take and give octets as they are.
std::string EncodeBase64(std::string_view bytes);
// nullopt: `text` is not base64.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace confab
