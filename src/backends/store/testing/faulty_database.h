#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "backends/store/database.h"

namespace confab::store {

// A database of which one call fails: by its number, before it is done or after.
class FaultyDatabase final : public Database {
 public:
  enum class Moment : uint8_t { kBefore, kAfter };

  explicit FaultyDatabase(std::unique_ptr<Database> inner) : inner_(std::move(inner)) {}

  // From here on the calls are counted anew, from 1. 0: none fails.
  void FailAt(int number, Moment moment) {
    fail_at_ = number;
    moment_ = moment;
    calls_ = 0;
  }
  int calls() const { return calls_; }

  std::string_view exclusion_sql() const override { return inner_->exclusion_sql(); }
  DatabaseStatus status() const override { return inner_->status(); }

 private:
  asio::awaitable<StoreResult<std::vector<Rows>>> Perform(std::vector<Statement> statements,
                                                          Turn turn) override {
    const bool is_to_fail = ++calls_ == fail_at_;
    if (is_to_fail && moment_ == Moment::kBefore) {
      co_return FailStore(StoreFault::kUnavailable, "It fails before it is done");
    }
    auto rows = co_await inner_->Transact(std::move(statements), turn);
    if (is_to_fail) co_return FailStore(StoreFault::kPerhapsDone, "It fails after it is done");
    co_return rows;
  }

  std::unique_ptr<Database> inner_;
  int fail_at_ = 0;
  Moment moment_ = Moment::kBefore;
  int calls_ = 0;
};

}  // namespace confab::store
