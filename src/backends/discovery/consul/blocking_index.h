#pragma once

#include <cstdint>
#include <optional>

namespace confab::discovery {

// The index of one blocking query, by the rules of Consul's documents ("Blocking Queries",
// Implementation Details). A value.
class BlockingIndex {
 public:
  // What the next question asks with; 0: answer at once.
  uint64_t value() const { return value_; }

  // After an answer with this X-Consul-Index; nothing where it had none that could be read.
  void Take(std::optional<uint64_t> answered) {
    // "Sanity check index is greater than zero": with 0 the loop would never wait.
    const uint64_t index = answered && *answered > 0 ? *answered : 1;
    // "Reset the index if it goes backwards": else changes could be missed for long.
    value_ = index < value_ ? 0 : index;
  }
  // After a failure: who answers next may be another Consul, or one that was started anew, whose
  // index is lower; it would let us wait for nothing.
  void Forget() { value_ = 0; }

 private:
  uint64_t value_ = 0;
};

}  // namespace confab::discovery
