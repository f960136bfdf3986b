#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "auth/json_object.h"
#include "base/error.h"

namespace confab::auth {

// Takes typed claims out of a payload, which must outlive it. What is wrong first decides error();
// after that, what it gives does not matter.
class ClaimReader {
 public:
  explicit ClaimReader(const json::object& payload) : payload_(payload) {}

  // What `is_valid` takes; absent or "" is refused.
  std::string Word(std::string_view name, bool (*is_valid)(std::string_view));
  // The same, where absent and "" are "".
  std::string OptionalWord(std::string_view name, bool (*is_valid)(std::string_view));
  // Absent is "".
  std::string OptionalText(std::string_view name, size_t max_bytes);
  // Seconds since the Unix epoch, a fraction cut off (RFC 7519 §2, NumericDate).
  std::optional<int64_t> Time(std::string_view name);
  // `value` stays as it is where the claim is absent.
  void Flag(std::string_view name, bool& value);
  // nullptr: absent.
  const json::object* Object(std::string_view name);

  void Refuse(std::string_view name, std::string_view must);
  bool ok() const { return !error_; }
  // kUnauthorized, with a sentence that names the claim.
  std::unexpected<Error> error() const { return std::unexpected(*error_); }

 private:
  const json::object& payload_;
  std::optional<Error> error_;
};

}  // namespace confab::auth
