#include "auth/json_object.h"

#include <boost/json/parse.hpp>

#include "auth/limits.h"
#include "net/json_numbers.h"

namespace confab::auth {

std::optional<json::object> ParseJsonObject(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  boost::system::error_code error;
  json::value value = json::parse(text, error, {}, options);
  if (error || !value.is_object() || !net::NumbersAreFinite(value)) return std::nullopt;
  return std::move(value.get_object());
}

std::optional<std::string_view> TextMember(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

}  // namespace confab::auth
