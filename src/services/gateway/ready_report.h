#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace confab::gateway {

// Whether the parts that a call needs answer: what /readyz says.
struct ReadyReport {
  struct Part {
    std::string name;  // "signaling", "media", "store"
    bool is_ready = false;
    std::string reason;  // a sentence, where it is not, or lacks what calls go on without
  };
  std::vector<Part> parts;

  bool is_ready() const { return std::ranges::all_of(parts, &Part::is_ready); }
};

}  // namespace confab::gateway
