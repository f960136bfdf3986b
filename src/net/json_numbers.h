#pragma once

#include <boost/json/value.hpp>

namespace confab::net {

// Whether all numbers in it, at any depth, are numbers. Boost reads 1e999 as infinity and 0e99999
// as not a number, and writes both as what no JSON parser takes: passed on, they would harm whoever
// gets them. `value` is as deep as its parser allowed.
bool NumbersAreFinite(const boost::json::value& value);

}  // namespace confab::net
