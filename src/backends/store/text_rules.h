#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "backends/store/fault.h"

namespace confab::store {

// UTF-8 (RFC 3629) without U+0000: what both databases can store.
bool IsStorableText(std::string_view text);

// Checks the input of a repository, field by field; keeps the first fault. A value of one call.
class InputCheck {
 public:
  // A name or id: at least one octet.
  InputCheck& Word(std::string_view field, std::string_view text, size_t max_bytes);
  // May be empty.
  InputCheck& Text(std::string_view field, std::string_view text, size_t max_bytes);
  // Microseconds since 1970, later than that.
  InputCheck& Time(std::string_view field, int64_t us);
  InputCheck& NotNegative(std::string_view field, int64_t number);

  // kRefused with the first field that was wrong.
  StoreResult<void> result() const { return result_; }

 private:
  void Refuse(std::string_view field, std::string_view why);

  StoreResult<void> result_;
};

}  // namespace confab::store
