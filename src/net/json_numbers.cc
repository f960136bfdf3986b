#include "net/json_numbers.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cmath>

namespace confab::net {

bool NumbersAreFinite(const boost::json::value& value) {
  if (const auto* array = value.if_array()) return std::ranges::all_of(*array, NumbersAreFinite);
  if (const auto* object = value.if_object()) {
    return std::ranges::all_of(*object,
                               [](const auto& field) { return NumbersAreFinite(field.value()); });
  }
  const double* number = value.if_double();
  return number == nullptr || std::isfinite(*number);
}

}  // namespace confab::net
