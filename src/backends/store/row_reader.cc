#include "backends/store/row_reader.h"

#include <utility>

namespace confab::store {

int64_t RowReader::Integer() {
  const auto* number = next_ < row_.size() ? std::get_if<int64_t>(&row_[next_]) : nullptr;
  ++next_;
  if (number == nullptr) ok_ = false;
  return number == nullptr ? 0 : *number;
}

std::string RowReader::Text() {
  auto* text = next_ < row_.size() ? std::get_if<std::string>(&row_[next_]) : nullptr;
  ++next_;
  if (text == nullptr) ok_ = false;
  return text == nullptr ? std::string() : std::move(*text);
}

std::unexpected<StoreError> UnexpectedRow() {
  return FailStore(StoreFault::kBroken,
                   "A table of the database is not as confab made it; restore it from a backup");
}

}  // namespace confab::store
