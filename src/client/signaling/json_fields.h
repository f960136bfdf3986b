#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

// What a client reads of the server's messages: absent or of another type is nothing.
namespace confab::client {

inline const boost::json::value* Find(const boost::json::value& object, std::string_view field) {
  const auto* fields = object.if_object();
  return fields == nullptr ? nullptr : fields->if_contains(field);
}

inline std::string_view TextOf(const boost::json::value& object, std::string_view field) {
  const boost::json::value* value = Find(object, field);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

inline std::optional<uint32_t> NumberOf(const boost::json::value& object, std::string_view field,
                                        uint32_t limit = UINT32_MAX) {
  const boost::json::value* value = Find(object, field);
  const auto* number = value == nullptr ? nullptr : value->if_int64();
  if (number == nullptr || *number < 0 || *number > limit) return std::nullopt;
  return static_cast<uint32_t>(*number);
}

// The elements of a list; none where there is no list. A view into `object`.
inline const boost::json::array& ListOf(const boost::json::value& object, std::string_view field) {
  static const boost::json::array kNone;
  const boost::json::value* value = Find(object, field);
  const auto* list = value == nullptr ? nullptr : value->if_array();
  return list == nullptr ? kNone : *list;
}

}  // namespace confab::client
