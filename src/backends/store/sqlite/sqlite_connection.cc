#include "backends/store/sqlite/sqlite_connection.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "backends/store/limits.h"
#include "backends/store/sqlite/sqlite_fault.h"
#include "net/file_descriptor.h"

namespace confab::store {
namespace {

constexpr int64_t kPageBytes = 4096;  // SQLite's default

// Messages and secrets are in it: made for its owner alone before SQLite opens it, which gives the
// files beside it the same mode.
void MakePrivate(const std::filesystem::path& file) {
  const net::FileDescriptor made(
      open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR));
}

// SQLite numbers named parameters by their first appearance in the text, so they are asked by name.
int IndexOf(sqlite3_stmt* prepared, size_t number) {
  return sqlite3_bind_parameter_index(prepared, fmt::format("${}", number).c_str());
}

// The text must outlive the execution.
int Bind(sqlite3_stmt* prepared, int index, const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) {
    return sqlite3_bind_int64(prepared, index, *number);
  }
  const auto& text = std::get<std::string>(value);
  return sqlite3_bind_text64(prepared, index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

Value ColumnOf(sqlite3_stmt* prepared, int column) {
  if (sqlite3_column_type(prepared, column) == SQLITE_INTEGER) {
    return Value(int64_t{sqlite3_column_int64(prepared, column)});
  }
  const unsigned char* text = sqlite3_column_text(prepared, column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(prepared, column));
  // NULL, which no column of ours holds, is "".
  return Value(text == nullptr ? std::string()
                               : std::string(reinterpret_cast<const char*>(text), size));
}

Row RowOf(sqlite3_stmt* prepared) {
  Row row;
  const int columns = sqlite3_column_count(prepared);
  row.reserve(static_cast<size_t>(columns));
  for (int column = 0; column < columns; ++column) row.push_back(ColumnOf(prepared, column));
  return row;
}

// The write lock from the begin: a transaction that reads first could not get it later. Who only
// reads does without, beside whoever writes.
std::string_view BeginOf(const std::vector<Statement>& statements) {
  const bool only_reads = std::ranges::all_of(
      statements, [](const Statement& each) { return each.sql().starts_with("SELECT"); });
  return only_reads ? "BEGIN" : "BEGIN IMMEDIATE";
}

}  // namespace

void SqliteConnection::Closer::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

void SqliteConnection::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

SqliteConnection::~SqliteConnection() = default;

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(const SqliteOptions& options) {
  MakePrivate(options.file);
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(
      options.file.c_str(), &database,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      nullptr);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(database));
  const auto ready = code == SQLITE_OK ? connection->SetUp(options)
                                       : StoreResult<void>(std::unexpected(connection->Failed()));
  if (ready) return connection;
  return Fail(ErrorCode::kInvalidConfiguration,
              fmt::format("{}: {}", options.file.string(), ready.error().message));
}

StoreResult<void> SqliteConnection::SetUp(const SqliteOptions& options) {
  sqlite3_busy_timeout(database_.get(), static_cast<int>(options.lock_wait.ms()));
  const std::string max_pages =
      fmt::format("PRAGMA max_page_count = {}", options.max_bytes / kPageBytes);
  for (const std::string_view sql :
       {std::string_view("PRAGMA journal_mode = WAL"),
        std::string_view("PRAGMA synchronous = FULL"),
        std::string_view("PRAGMA trusted_schema = OFF"), std::string_view(max_pages)}) {
    const auto done = Command(sql);
    if (!done) return done;
  }
  return {};
}

StoreResult<std::vector<Rows>> SqliteConnection::Transact(
    const std::vector<Statement>& statements) {
  const auto begun = Command(BeginOf(statements));
  if (!begun) return std::unexpected(begun.error());
  std::vector<Rows> all;
  for (const Statement& statement : statements) {
    auto rows = Execute(statement);
    if (!rows) {
      // SQLite may have rolled back by itself: then this fails, and nothing is lost.
      static_cast<void>(Command("ROLLBACK"));
      return std::unexpected(std::move(rows.error()));
    }
    all.push_back(std::move(*rows));
  }
  const int code = sqlite3_exec(database_.get(), "COMMIT", nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return all;
  StoreError error = SqliteError(code, SqliteStage::kCommit, sqlite3_errmsg(database_.get()));
  static_cast<void>(Command("ROLLBACK"));
  return std::unexpected(std::move(error));
}

StoreResult<void> SqliteConnection::Command(std::string_view sql) {
  const int code =
      sqlite3_exec(database_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return std::unexpected(Failed());
  return {};
}

StoreResult<Rows> SqliteConnection::Execute(const Statement& statement) {
  const auto prepared = Prepare(statement.sql());
  if (!prepared) return std::unexpected(prepared.error());
  for (size_t i = 0; i < statement.parameters().size(); ++i) {
    const int code = Bind(*prepared, IndexOf(*prepared, i + 1), statement.parameters()[i]);
    if (code != SQLITE_OK) return std::unexpected(Failed());
  }
  auto rows = Step(*prepared);
  sqlite3_reset(*prepared);
  sqlite3_clear_bindings(*prepared);
  return rows;
}

StoreResult<Rows> SqliteConnection::Step(sqlite3_stmt* prepared) {
  Rows rows;
  int code = sqlite3_step(prepared);
  while (code == SQLITE_ROW) {
    if (static_cast<int64_t>(rows.size()) == kMaxAnswerRows) {
      return FailStore(StoreFault::kBroken, "A query answered more rows than any may");
    }
    rows.push_back(RowOf(prepared));
    code = sqlite3_step(prepared);
  }
  if (code != SQLITE_DONE) return std::unexpected(Failed());
  return rows;
}

StoreResult<sqlite3_stmt*> SqliteConnection::Prepare(std::string_view sql) {
  const auto known = prepared_.find(std::string(sql));
  if (known != prepared_.end()) return known->second.get();
  if (prepared_.size() == kMaxPrepared) prepared_.clear();
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  if (code != SQLITE_OK) return std::unexpected(Failed());
  prepared_.emplace(sql, Prepared(prepared));
  return prepared;
}

StoreError SqliteConnection::Failed() const {
  return SqliteError(sqlite3_extended_errcode(database_.get()), SqliteStage::kBody,
                     sqlite3_errmsg(database_.get()));
}

}  // namespace confab::store
