#pragma once

#include <string>
#include <utility>

namespace confab::app {

// A trouble that is met again and again, and told once, until it is another one. A value.
class LastTrouble {
 public:
  bool IsNew(std::string message) {
    const bool is_new = message != message_;
    message_ = std::move(message);
    return is_new;
  }
  // The same one is new again.
  void End() { message_.clear(); }

 private:
  std::string message_;
};

}  // namespace confab::app
