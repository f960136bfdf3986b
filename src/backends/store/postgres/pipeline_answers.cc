#include "backends/store/postgres/pipeline_answers.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <charconv>

#include "backends/store/limits.h"
#include "backends/store/postgres/postgres_fault.h"

namespace confab::store {
namespace {

// pg_type.dat of PostgreSQL's sources; these numbers never change.
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;

bool IsInteger(Oid type) {
  return type == kInt8 || type == kInt4 || type == kInt2;
}

Value ColumnOf(const pg_result& result, int row, int column) {
  const std::string_view text(PQgetvalue(&result, row, column),
                              static_cast<size_t>(PQgetlength(&result, row, column)));
  int64_t number = 0;
  if (IsInteger(PQftype(&result, column)) &&
      std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc()) {
    return Value(number);
  }
  return Value(std::string(text));
}

Rows RowsOf(const pg_result& result) {
  Rows rows(static_cast<size_t>(PQntuples(&result)));
  for (int at = 0; at < PQntuples(&result); ++at) {
    Row& row = rows[static_cast<size_t>(at)];
    for (int column = 0; column < PQnfields(&result); ++column) {
      row.push_back(ColumnOf(result, at, column));
    }
  }
  return rows;
}

std::string_view FieldOf(const pg_result& result, int field) {
  const char* text = PQresultErrorField(&result, field);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

}  // namespace

void PipelineAnswers::ExpectPrepared(std::string_view sql, std::string name) {
  expected_.push_back({Kind::kPrepared, sql, std::move(name)});
}

void PipelineAnswers::ExpectRows() {
  expected_.emplace_back();
}

void PipelineAnswers::Take(const pg_result& result) {
  const ExecStatusType status = PQresultStatus(&result);
  if (status == PGRES_PIPELINE_SYNC) {
    is_complete_ = true;
  } else if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
    TakeSuccess(result);
  } else if (status == PGRES_PIPELINE_ABORTED) {
    if (!expected_.empty()) expected_.pop_front();
  } else {
    TakeError(result);
  }
}

void PipelineAnswers::TakeSuccess(const pg_result& result) {
  if (expected_.empty()) return;
  Expected answered = std::move(expected_.front());
  expected_.pop_front();
  if (answered.kind == Kind::kPrepared) {
    if (!answered.name.empty()) prepared_.emplace_back(answered.sql, std::move(answered.name));
  } else if (PQntuples(&result) > kMaxAnswerRows) {
    error_ = StoreError{StoreFault::kBroken, "A query answered more rows than any may"};
  } else {
    rows_.push_back(RowsOf(result));
  }
}

void PipelineAnswers::TakeError(const pg_result& result) {
  const std::string_view sqlstate = FieldOf(result, PG_DIAG_SQLSTATE);
  if (sqlstate.empty()) return;  // libpq's own: the connection has ended, the reason says why
  is_ending_ = is_ending_ || EndsConnection(sqlstate);
  if (!error_) {
    error_ = PostgresError(sqlstate, FieldOf(result, PG_DIAG_MESSAGE_PRIMARY));
    // All statements were answered. What the server says against the commit itself undoes it, but
    // a goodbye may come after it.
    if (expected_.empty() && is_ending_) error_->fault = StoreFault::kPerhapsDone;
  }
  if (!expected_.empty()) expected_.pop_front();
}

StoreResult<std::vector<Rows>> PipelineAnswers::Conclude(std::string_view reason) {
  if (error_) return std::unexpected(*error_);
  if (is_complete_ && expected_.empty()) return std::move(rows_);
  return FailStore(StoreFault::kPerhapsDone,
                   fmt::format("PostgreSQL did not answer ({}), so it is not known whether it was "
                               "done: the same call may be repeated",
                               reason));
}

}  // namespace confab::store
