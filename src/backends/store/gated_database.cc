#include "backends/store/gated_database.h"

#include <fmt/format.h>

#include <utility>

#include "backends/store/limits.h"
#include "backends/store/migrations/migrate.h"
#include "net/clock.h"

namespace confab::store {

GatedDatabase::GatedDatabase(asio::io_context& io, std::unique_ptr<Database> inner)
    : inner_(std::move(inner)), gate_(std::make_shared<Gate>(io.get_executor())) {}

GatedDatabase::~GatedDatabase() {
  gate_->is_gone = true;
  gate_->is_open.Set();
}

asio::awaitable<StoreResult<void>> GatedDatabase::Prepare(int64_t now_us) {
  const std::shared_ptr<Gate> gate = gate_;
  const auto prepared = co_await Migrate(*inner_, Migrations(), now_us);
  if (prepared) {
    gate->is_open.Set();
  } else {
    gate->trouble = prepared.error().message;
  }
  co_return prepared;
}

asio::awaitable<StoreResult<void>> GatedDatabase::Pass(std::shared_ptr<Gate> gate) {
  if (!gate->is_open.is_set()) {
    if (gate->waiting >= kMaxWaitingCalls) {
      co_return FailStore(StoreFault::kBusy,
                          fmt::format("{} calls wait for the store to be prepared, as many as may; "
                                      "try again in a moment",
                                      kMaxWaitingCalls));
    }
    ++gate->waiting;
    co_await gate->is_open.Wait(kMaxWait);
    --gate->waiting;
  }
  if (gate->is_gone) co_return FailStore(StoreFault::kUnavailable, "The store is being closed");
  if (gate->is_open.is_set()) co_return StoreResult<void>();
  co_return FailStore(StoreFault::kUnavailable,
                      fmt::format("The store is not prepared yet: {}", gate->trouble));
}

asio::awaitable<StoreResult<std::vector<Rows>>> GatedDatabase::Perform(
    std::vector<Statement> statements, Turn turn) {
  const std::shared_ptr<Gate> gate = gate_;
  ++gate->calls;
  const Timestamp begun = net::MonotonicNow();
  auto rows = co_await Enter(gate, std::move(statements), turn);
  gate->times.Observe(net::MonotonicNow() - begun);
  if (!rows) gate->faults.Add(rows.error().fault);
  co_return rows;
}

asio::awaitable<StoreResult<std::vector<Rows>>> GatedDatabase::Enter(
    std::shared_ptr<Gate> gate, std::vector<Statement> statements, Turn turn) {
  const auto passed = co_await Pass(gate);
  if (!passed) co_return std::unexpected(passed.error());
  co_return co_await inner_->Transact(std::move(statements), turn);
}

DatabaseStatus GatedDatabase::status() const {
  DatabaseStatus status = inner_->status();
  status.waiting += gate_->waiting;
  if (!is_prepared()) {
    status.is_up = false;
    status.reason = gate_->trouble;
  }
  return status;
}

}  // namespace confab::store
