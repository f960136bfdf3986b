#include "backends/store/postgres/postgres_connection.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <utility>

#include "backends/store/postgres/pipeline_answers.h"
#include "backends/store/postgres/postgres_fault.h"

namespace confab::store {
namespace {

using Clock = std::chrono::steady_clock;

struct ResultFreer {
  void operator()(PGresult* result) const { PQclear(result); }
};
using OwnedResult = std::unique_ptr<PGresult, ResultFreer>;

// How much sooner than we the server gives a statement up.
constexpr TimeDelta kServerEarlier = TimeDelta::Seconds(1);

PGconn* Begin(const ConnectionParameters& parameters) {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : parameters) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  return PQconnectStartParams(keywords.data(), values.data(), 0);
}

// Between calls an error is a notice to libpq; a fatal one is the server's goodbye, which may come
// some time before the end of the stream.
void NoteGoodbye(void* is_broken, const PGresult* notice) {
  const char* severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  const std::string_view word = severity == nullptr ? "" : severity;
  if (word == "FATAL" || word == "PANIC") *static_cast<bool*>(is_broken) = true;
}

}  // namespace

void PostgresConnection::Closer::operator()(pg_conn* connection) const {
  PQfinish(connection);
}

PostgresConnection::PostgresConnection(const asio::any_io_executor& executor,
                                       const PostgresOptions& options)
    : executor_(executor), options_(options), ready_(std::make_shared<net::Event>(executor)) {}

PostgresConnection::~PostgresConnection() = default;

asio::awaitable<StoreResult<void>> PostgresConnection::Connect(ConnectionParameters parameters) {
  const auto end = Clock::now() + ToChrono(options_.connect_limit);
  const auto servers = co_await FindServers(std::move(parameters), options_.connect_limit / 2);
  if (!servers) co_return std::unexpected(servers.error());
  const auto least_share = (end - Clock::now()) / static_cast<int64_t>(servers->size());
  std::string reasons;
  for (size_t i = 0; i < servers->size(); ++i) {
    // One that never answers must not take the time of those after it.
    const auto now = Clock::now();
    const auto share = (end - now) / static_cast<int64_t>(servers->size() - i);
    deadline_ = now + std::max(share, least_share);
    const bool is_connected = co_await ConnectTo((*servers)[i]);
    if (is_connected) co_return co_await SetSession();
    if (i > 0) reasons += "; ";
    // libpq names the server in its words.
    if (is_late_) reasons += fmt::format("{}: ", PQhost(connection_.get()));
    reasons += Reason();
    if (is_stopped_) break;
  }
  is_broken_ = true;
  co_return FailStore(StoreFault::kUnavailable,
                      fmt::format("PostgreSQL cannot be reached ({})", reasons));
}

asio::awaitable<bool> PostgresConnection::ConnectTo(const ConnectionParameters& server) {
  is_late_ = false;
  is_broken_ = false;
  is_heard_ = false;
  // What was begun for the server before may end late, and must not wake a wait for this one.
  ready_ = std::make_shared<net::Event>(executor_);
  socket_.reset();
  connection_.reset(Begin(server));
  if (!connection_) co_return false;
  PQsetNoticeReceiver(connection_.get(), NoteGoodbye, &is_broken_);
  co_return co_await FinishConnecting();
}

asio::awaitable<bool> PostgresConnection::FinishConnecting() {
  if (PQstatus(connection_.get()) == CONNECTION_BAD) co_return false;
  PostgresPollingStatusType next = PGRES_POLLING_WRITING;
  while (next == PGRES_POLLING_WRITING || next == PGRES_POLLING_READING) {
    if (!AttachSocket()) co_return false;
    const auto direction = next == PGRES_POLLING_WRITING ? Direction::kWrite : Direction::kRead;
    const bool is_ready = co_await WaitFor(direction);
    if (!is_ready) co_return false;
    // It speaks: a slow one is not to be given up for having several words to say.
    if (direction == Direction::kRead && !std::exchange(is_heard_, true)) {
      deadline_ = Clock::now() + ToChrono(options_.call_limit);
    }
    next = PQconnectPoll(connection_.get());
  }
  co_return next == PGRES_POLLING_OK&& AttachSocket() &&
      PQsetnonblocking(connection_.get(), 1) == 0 && PQenterPipelineMode(connection_.get()) == 1;
}

// Where the server waits longer than we do, nobody would know what became of a call.
asio::awaitable<StoreResult<void>> PostgresConnection::SetSession() {
  const int64_t limit_ms = std::max<int64_t>(
      1, std::max(options_.call_limit - kServerEarlier, options_.call_limit / 2).ms());
  static constexpr std::string_view kSet =
      "SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $1, false)";
  std::vector<Statement> statements;
  statements.push_back(Statement(kSet, {std::to_string(limit_ms)}));
  auto set = co_await Transact(statements);
  if (!set) {
    is_broken_ = true;
    co_return FailStore(StoreFault::kUnavailable, set.error().message);
  }
  co_return StoreResult<void>();
}

asio::awaitable<StoreResult<std::vector<Rows>>> PostgresConnection::Transact(
    const std::vector<Statement>& statements) {
  deadline_ = Clock::now() + ToChrono(options_.call_limit);
  PipelineAnswers answers;
  if (is_broken_ || !Send(statements, answers)) {
    // Without its end the transaction is not committed.
    is_broken_ = true;
    co_return FailStore(StoreFault::kUnavailable,
                        fmt::format("PostgreSQL's connection broke ({}); try again", Reason()));
  }
  const bool is_sent = co_await Flush();
  if (is_sent) co_await Receive(answers);
  if (!answers.is_complete()) {
    ReceiveRest(answers);
    is_broken_ = true;
  }
  if (answers.is_ending()) is_broken_ = true;
  for (const auto& [sql, name] : answers.prepared()) prepared_.emplace(sql, name);
  co_return answers.Conclude(Reason());
}

bool PostgresConnection::Send(const std::vector<Statement>& statements, PipelineAnswers& answers) {
  for (const Statement& statement : statements) {
    if (!SendOne(statement, answers)) return false;
  }
  return PQpipelineSync(connection_.get()) == 1;
}

bool PostgresConnection::SendOne(const Statement& statement, PipelineAnswers& answers) {
  const auto known = prepared_.find(statement.sql());
  std::string name;
  if (known != prepared_.end()) {
    name = known->second;
  } else {
    // Beyond the limit the nameless statement, which the next one replaces.
    const bool is_kept = prepared_.size() < kMaxPrepared;
    name = is_kept ? fmt::format("confab_{}", ++last_name_) : std::string();
    if (!SendPrepare(statement, name)) return false;
    answers.ExpectPrepared(statement.sql(), name);
  }
  if (!SendExecute(statement, name)) return false;
  answers.ExpectRows();
  return true;
}

bool PostgresConnection::SendPrepare(const Statement& statement, const std::string& name) {
  constexpr Oid kInt8 = 20;
  constexpr Oid kText = 25;
  std::vector<Oid> types;
  for (const Value& value : statement.parameters()) {
    types.push_back(std::holds_alternative<int64_t>(value) ? kInt8 : kText);
  }
  return PQsendPrepare(connection_.get(), name.c_str(), std::string(statement.sql()).c_str(),
                       static_cast<int>(types.size()), types.data()) == 1;
}

bool PostgresConnection::SendExecute(const Statement& statement, const std::string& name) {
  std::vector<std::string> numbers;  // owns the texts of the numbers
  numbers.reserve(statement.parameters().size());
  std::vector<const char*> values;
  for (const Value& value : statement.parameters()) {
    if (const auto* number = std::get_if<int64_t>(&value)) {
      values.push_back(numbers.emplace_back(std::to_string(*number)).c_str());
    } else {
      values.push_back(std::get<std::string>(value).c_str());
    }
  }
  return PQsendQueryPrepared(connection_.get(), name.c_str(), static_cast<int>(values.size()),
                             values.data(), nullptr, nullptr, 0) == 1;
}

// What the server says meanwhile is read too: it would otherwise not go on reading.
asio::awaitable<bool> PostgresConnection::Flush() {
  while (true) {
    const int left = PQflush(connection_.get());
    if (left == 0) co_return true;
    if (left < 0) co_return false;
    const bool is_ready = co_await WaitFor(Direction::kBoth);
    if (!is_ready || PQconsumeInput(connection_.get()) == 0) co_return false;
  }
}

asio::awaitable<void> PostgresConnection::Receive(PipelineAnswers& answers) {
  while (!answers.is_complete()) {
    if (PQisBusy(connection_.get()) != 0) {
      const bool is_ready = co_await WaitFor(Direction::kRead);
      if (!is_ready || PQconsumeInput(connection_.get()) == 0) co_return;
      continue;
    }
    const OwnedResult result(PQgetResult(connection_.get()));
    if (result) {
      answers.Take(*result);
    } else if (PQstatus(connection_.get()) == CONNECTION_BAD) {
      co_return;
    }
  }
}

// The connection has ended, but what came before may still be in libpq's buffer. Never waits.
void PostgresConnection::ReceiveRest(PipelineAnswers& answers) {
  if (PQstatus(connection_.get()) != CONNECTION_BAD && PQisBusy(connection_.get()) != 0) return;
  // Each statement has a result and the end of it.
  for (size_t left = 2 * answers.expected() + 2; left > 0 && !answers.is_complete(); --left) {
    const OwnedResult result(PQgetResult(connection_.get()));
    if (result) answers.Take(*result);
    const bool is_open = PQstatus(connection_.get()) != CONNECTION_BAD;
    if (is_open && PQisBusy(connection_.get()) != 0) return;
  }
}

bool PostgresConnection::IsUsable() {
  if (!connection_ || is_broken_ || is_stopped_) return false;
  // Twice: a goodbye and the end of the stream are two things to read.
  for (int i = 0; i < 2; ++i) {
    if (PQconsumeInput(connection_.get()) == 0) is_broken_ = true;
  }
  (void)PQisBusy(connection_.get());  // looks at what has been read
  return !is_broken_ && PQstatus(connection_.get()) == CONNECTION_OK;
}

void PostgresConnection::Stop() {
  is_stopped_ = true;
  ready_->Set();
}

bool PostgresConnection::AttachSocket() {
  const int copy = fcntl(PQsocket(connection_.get()), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return false;
  socket_.emplace(executor_);
  error_code failed;
  socket_->assign(copy, failed);
  if (failed) close(copy);
  return !failed;
}

asio::awaitable<bool> PostgresConnection::WaitFor(Direction direction) {
  using Descriptor = asio::posix::stream_descriptor;
  const std::shared_ptr<net::Event> ready = ready_;
  if (is_stopped_) co_return false;
  ready->Reset();
  const auto wake = [ready](error_code) { ready->Set(); };
  if (direction != Direction::kWrite) socket_->async_wait(Descriptor::wait_read, wake);
  if (direction != Direction::kRead) socket_->async_wait(Descriptor::wait_write, wake);
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(deadline_ - Clock::now());
  co_await ready->Wait(TimeDelta::Micros(left.count()));
  is_late_ = !ready->is_set();
  if (is_late_ || direction == Direction::kBoth) {
    error_code ignored;
    socket_->cancel(ignored);
  }
  co_return !is_late_ && !is_stopped_;
}

std::string PostgresConnection::Reason() const {
  if (is_stopped_) return "this process ends";
  if (is_late_) return "it took too long";
  if (!connection_) return "there is no memory for it";
  std::string reason = OneLine(PQerrorMessage(connection_.get()));
  return reason.empty() ? "the connection ended" : reason;
}

}  // namespace confab::store
