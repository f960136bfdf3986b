#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace confab::store {

// Numbers and text are all that is stored, and there is no NULL: 0 and "" say "none". So each value
// means the same in both databases.
using Value = std::variant<int64_t, std::string>;

// SQL that SQLite and PostgreSQL both understand, with $1, $2, … for the parameters. All are used,
// each with one type. Constructors, not an aggregate: it is an argument inside co_await.
class Statement {
 public:
  // `sql` must live as long as the program: connections keep what they prepared by it.
  explicit Statement(std::string_view sql) : sql_(sql) {}
  Statement(std::string_view sql, std::vector<Value> parameters)
      : sql_(sql), parameters_(std::move(parameters)) {}

  std::string_view sql() const { return sql_; }
  const std::vector<Value>& parameters() const { return parameters_; }

 private:
  std::string_view sql_;
  std::vector<Value> parameters_;
};

using Row = std::vector<Value>;

// What a statement answered: those of SELECT and RETURNING, else none.
using Rows = std::vector<Row>;

}  // namespace confab::store
