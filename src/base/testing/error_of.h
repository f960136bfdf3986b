#pragma once

#include <gtest/gtest.h>

#include <expected>

namespace confab {

// For tests: the error of a result that must have failed. Where it did not, the test fails, instead
// of reading an error that is not there.
template <typename T, typename E>
E ErrorOf(const std::expected<T, E>& result) {
  if (!result) return result.error();
  ADD_FAILURE() << "it succeeded";
  return E();
}

}  // namespace confab
