#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "backends/store/postgres/connection_parameters.h"
#include "backends/store/postgres/postgres_options.h"
#include "backends/store/statement.h"
#include "net/event.h"

struct pg_conn;

namespace confab::store {

class PipelineAnswers;

// One connection to PostgreSQL: libpq without blocking, in pipeline mode. A transaction is one
// write and one answer, with the statements that are not prepared yet in it. One call at a time.
// One thread, that of its io_context.
class PostgresConnection {
 public:
  PostgresConnection(const asio::any_io_executor& executor, const PostgresOptions& options);
  ~PostgresConnection();
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  // Once, first. The servers that the parameters name are tried one after another, each for a share
  // of what is left of connect_limit until its first word, and for call_limit from then on.
  // kUnavailable: it did not come to be, and what each server said.
  asio::awaitable<StoreResult<void>> Connect(ConnectionParameters parameters);

  // The statements as one transaction. They must outlive the call. Faults never show parameters.
  asio::awaitable<StoreResult<std::vector<Rows>>> Transact(
      const std::vector<Statement>& statements);

  // It is open, and the server has not said goodbye meanwhile. For use between calls.
  bool IsUsable();
  // The call that is under way fails, as every later one.
  void Stop();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Direction : uint8_t { kRead, kWrite, kBoth };
  struct Closer {
    void operator()(pg_conn* connection) const;
  };

  asio::awaitable<bool> ConnectTo(const ConnectionParameters& server);
  asio::awaitable<bool> FinishConnecting();
  asio::awaitable<StoreResult<void>> SetSession();
  bool Send(const std::vector<Statement>& statements, PipelineAnswers& answers);
  bool SendOne(const Statement& statement, PipelineAnswers& answers);
  bool SendPrepare(const Statement& statement, const std::string& name);
  bool SendExecute(const Statement& statement, const std::string& name);
  asio::awaitable<bool> Flush();
  asio::awaitable<void> Receive(PipelineAnswers& answers);
  void ReceiveRest(PipelineAnswers& answers);

  bool AttachSocket();
  asio::awaitable<bool> WaitFor(Direction direction);
  // What libpq, the clock or Stop have to say about the end of this connection.
  std::string Reason() const;

  asio::any_io_executor executor_;
  PostgresOptions options_;
  std::unique_ptr<pg_conn, Closer> connection_;
  // A duplicate of libpq's socket, which libpq may close and open anew while it connects.
  std::optional<asio::posix::stream_descriptor> socket_;
  // Shared with the waits that are under way, which may end after the connection.
  std::shared_ptr<net::Event> ready_;
  Clock::time_point deadline_;
  std::unordered_map<std::string_view, std::string>
      prepared_;  // names by SQL; at most kMaxPrepared
  uint64_t last_name_ = 0;
  bool is_stopped_ = false;
  bool is_heard_ = false;   // the server has said something while we connected
  bool is_late_ = false;    // a wait has passed the deadline
  bool is_broken_ = false;  // of no use for a further call
};

}  // namespace confab::store
