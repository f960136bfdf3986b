#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "backends/store/database.h"
#include "base/bucket_counts.h"
#include "net/event.h"
#include "observe/counter_array.h"

namespace confab::store {

// A database that nobody uses before its schema is up to date, and that counts what became of the
// calls. Before Prepare has succeeded a call waits for it, kMaxWait at most, then it is
// kUnavailable; of calls that wait there are kMaxWaitingCalls at most, one more is kBusy. So
// services may start before their database does. Owned by the Store; lives on the io_context's
// thread.
class GatedDatabase final : public Database {
 public:
  GatedDatabase(asio::io_context& io, std::unique_ptr<Database> inner);
  // Calls that wait for Prepare are refused.
  ~GatedDatabase() override;

  // Brings the schema up to date and lets everybody in; to be called until it succeeds. Faults as
  // Store::Prepare has them.
  asio::awaitable<StoreResult<void>> Prepare(int64_t now_us);
  bool is_prepared() const { return gate_->is_open.is_set(); }

  std::string_view exclusion_sql() const override { return inner_->exclusion_sql(); }
  // Not up before Prepare has succeeded.
  DatabaseStatus status() const override;

  static constexpr size_t kFaults = static_cast<size_t>(StoreFault::kBroken) + 1;
  // Calls ever, those that failed included; and these by their fault.
  uint64_t calls() const { return gate_->calls; }
  const observe::CounterArray<StoreFault, kFaults>& faults() const { return gate_->faults; }
  // How long calls took, the waiting for their turn and those that failed included.
  const BucketCounts& times() const { return gate_->times; }

 private:
  // What calls need after they have waited, when the database may have gone.
  struct Gate {
    explicit Gate(const asio::any_io_executor& executor) : is_open(executor) {}
    net::Event is_open;
    bool is_gone = false;
    size_t waiting = 0;
    uint64_t calls = 0;
    observe::CounterArray<StoreFault, kFaults> faults;
    BucketCounts times{kCallTimes};
    std::string trouble = "nothing was asked of it yet";
  };
  asio::awaitable<StoreResult<std::vector<Rows>>> Perform(std::vector<Statement> statements,
                                                          Turn turn) override;
  asio::awaitable<StoreResult<std::vector<Rows>>> Enter(std::shared_ptr<Gate> gate,
                                                        std::vector<Statement> statements,
                                                        Turn turn);
  static asio::awaitable<StoreResult<void>> Pass(std::shared_ptr<Gate> gate);

  std::unique_ptr<Database> inner_;
  std::shared_ptr<Gate> gate_;  // shared with calls under way
};

}  // namespace confab::store
