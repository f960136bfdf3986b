#pragma once

namespace confab::logs {

// The small letter of a large one (ASCII); everything else as it is.
constexpr char SmallLetter(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace confab::logs
