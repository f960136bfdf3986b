#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

namespace confab::auth {

namespace json = boost::json;

// One JSON object (RFC 8259), at most kMaxJsonDepth deep, and nothing after it. nullopt: anything
// else, also numbers that are none (1e999). Of members with one name the last counts, as RFC 7515
// §4 allows.
std::optional<json::object> ParseJsonObject(std::string_view text);

// The member as text; nullopt where there is none or where it is none.
std::optional<std::string_view> TextMember(const json::object& object, std::string_view name);

}  // namespace confab::auth
