#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "backends/store/fault.h"
#include "backends/store/statement.h"

namespace confab::store {

// Takes the columns of one row from left to right. A column of another type, or one that is
// missing, makes the whole row faulty: somebody has changed the tables. A value of one function.
class RowReader {
 public:
  // The row must outlive the reader; its text is moved out.
  explicit RowReader(Row& row) : row_(row) {}

  int64_t Integer();
  std::string Text();
  // All columns so far were as they should be.
  bool ok() const { return ok_; }

 private:
  Row& row_;
  size_t next_ = 0;
  bool ok_ = true;
};

std::unexpected<StoreError> UnexpectedRow();

// Each row as a T, by `read`; kBroken where one is not as it should be.
template <typename T>
StoreResult<std::vector<T>> ReadRows(Rows rows, T (*read)(RowReader&)) {
  std::vector<T> all;
  all.reserve(rows.size());
  for (Row& row : rows) {
    RowReader reader(row);
    all.push_back(read(reader));
    if (!reader.ok()) return UnexpectedRow();
  }
  return all;
}

// The row of a statement that answers one or none.
template <typename T>
StoreResult<std::optional<T>> ReadOptional(Rows rows, T (*read)(RowReader&)) {
  auto all = ReadRows(std::move(rows), read);
  if (!all) return std::unexpected(std::move(all.error()));
  if (all->empty()) return std::optional<T>();
  return std::optional<T>(std::move(all->front()));
}

// The one row that a statement must have answered.
template <typename T>
StoreResult<T> ReadRow(Rows rows, T (*read)(RowReader&)) {
  auto all = ReadRows(std::move(rows), read);
  if (!all) return std::unexpected(std::move(all.error()));
  if (all->size() != 1) return UnexpectedRow();
  return std::move(all->front());
}

}  // namespace confab::store
