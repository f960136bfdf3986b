#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backends/store/fault.h"
#include "backends/store/statement.h"

struct pg_result;

namespace confab::store {

// Sorts the results of one pipeline, which is one transaction: it is committed when its end (the
// sync) is reached without an error. A value of one call.
class PipelineAnswers {
 public:
  // What was sent, in this order. name "": a statement that the server does not keep.
  void ExpectPrepared(std::string_view sql, std::string name);
  void ExpectRows();

  void Take(const pg_result& result);
  // The sync came: nothing follows.
  bool is_complete() const { return is_complete_; }
  // The connection is of no use, says the server.
  bool is_ending() const { return is_ending_; }
  size_t expected() const { return expected_.size(); }
  // Statements that the server knows by a name from now on, whatever became of the transaction.
  const std::vector<std::pair<std::string_view, std::string>>& prepared() const {
    return prepared_;
  }

  // What the caller is told, where no result comes any more. `reason`: why the connection ended,
  // where it did before the sync.
  StoreResult<std::vector<Rows>> Conclude(std::string_view reason);

 private:
  enum class Kind : uint8_t { kRows, kPrepared };
  struct Expected {
    Kind kind = Kind::kRows;
    std::string_view sql;
    std::string name;
  };

  void TakeSuccess(const pg_result& result);
  void TakeError(const pg_result& result);

  std::deque<Expected> expected_;
  std::vector<std::pair<std::string_view, std::string>> prepared_;
  std::vector<Rows> rows_;
  std::optional<StoreError> error_;  // the first
  bool is_complete_ = false;
  bool is_ending_ = false;
};

}  // namespace confab::store
