#pragma once

#include <string>

#include "base/error.h"
#include "observe/logger.h"

namespace confab::discovery {

// How one loop stands with Consul: the last question was answered, or why not. Logs the changes
// alone, so that an outage is two lines. One thread.
class Standing {
 public:
  // `what` is a literal: what the loop is about.
  Standing(observe::Logger logger, std::string_view what);

  void Answered();
  void Failed(const Error& error);

  bool is_up() const { return state_ == State::kUp; }
  const std::string& reason() const { return reason_; }  // "" while it is up

 private:
  enum class State : uint8_t { kUnknown, kUp, kDown };

  observe::Logger logger_;
  std::string_view what_;
  State state_ = State::kUnknown;
  std::string reason_;
};

}  // namespace confab::discovery
