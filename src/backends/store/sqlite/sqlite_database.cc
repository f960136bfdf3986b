#include "backends/store/sqlite/sqlite_database.h"

#include <boost/asio/post.hpp>
#include <utility>

namespace confab::store {
namespace {

using Clock = std::chrono::steady_clock;

std::unexpected<StoreError> Ending() {
  return FailStore(StoreFault::kUnavailable,
                   "The database is being closed because the process ends: ask another instance");
}

// Whether it is the file that is in trouble, not the one call.
bool IsTrouble(StoreFault fault) {
  switch (fault) {
    case StoreFault::kUnavailable:
    case StoreFault::kPerhapsDone:
    case StoreFault::kFull: return true;
    case StoreFault::kBusy:
    case StoreFault::kRefused:
    case StoreFault::kBroken: return false;
  }
  return false;
}

}  // namespace

SqliteDatabase::Call::Call(const asio::any_io_executor& executor, std::vector<Statement> wanted)
    : statements(std::move(wanted)), came_at(Clock::now()), done(executor) {}

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::Open(asio::io_context& io,
                                                             const SqliteOptions& options) {
  auto connection = SqliteConnection::Open(options);
  if (!connection) return std::unexpected(std::move(connection.error()));
  return std::make_unique<SqliteDatabase>(io, std::move(*connection));
}

SqliteDatabase::SqliteDatabase(asio::io_context& io, std::unique_ptr<SqliteConnection> connection)
    : io_(io), connection_(std::move(connection)), thread_([this] { Work(); }) {}

SqliteDatabase::~SqliteDatabase() {
  std::vector<std::shared_ptr<Call>> left;
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
    left = waiting_.TakeAll();
  }
  wake_.notify_one();
  thread_.join();
  for (const auto& call : left) Complete(call, Ending());
}

asio::awaitable<StoreResult<std::vector<Rows>>> SqliteDatabase::Perform(
    std::vector<Statement> statements, Turn turn) {
  const auto valid = CheckStatements(statements);
  if (!valid) co_return std::unexpected(valid.error());
  const auto call = std::make_shared<Call>(io_.get_executor(), std::move(statements));
  std::shared_ptr<Call> out;
  {
    const std::lock_guard lock(mutex_);
    out = waiting_.Add(call, turn);
  }
  if (out) {
    Complete(std::move(out),
             FailStore(StoreFault::kBusy,
                       "Too many calls wait for the SQLite database; try again in a moment"));
  }
  wake_.notify_one();
  // From here on `this` may be gone whenever the coroutine is resumed.
  co_await call->done.Wait();
  co_return std::move(call->outcome);
}

DatabaseStatus SqliteDatabase::status() const {
  const std::lock_guard lock(mutex_);
  return {.is_up = trouble_.empty(),
          .reason = trouble_,
          .waiting = waiting_.size(),
          .open_connections = 1};
}

void SqliteDatabase::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
    if (is_ending_) return;
    std::shared_ptr<Call> call = waiting_.TakeFirst();
    lock.unlock();
    Outcome outcome = Execute(*call);
    std::string trouble;
    if (!outcome && IsTrouble(outcome.error().fault)) trouble = outcome.error().message;
    lock.lock();
    trouble_ = std::move(trouble);
    Complete(std::move(call), std::move(outcome));
  }
}

void SqliteDatabase::Complete(std::shared_ptr<Call> call, Outcome outcome) {
  call->outcome = std::move(outcome);
  asio::post(io_, [call = std::move(call)] { call->done.Set(); });
}

SqliteDatabase::Outcome SqliteDatabase::Execute(const Call& call) {
  if (Clock::now() - call.came_at > ToChrono(kMaxWait)) {
    return FailStore(StoreFault::kBusy,
                     "The SQLite database had no turn for this call in time; try again");
  }
  return connection_->Transact(call.statements);
}

}  // namespace confab::store
