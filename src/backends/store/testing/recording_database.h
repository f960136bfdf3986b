#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backends/store/database.h"

namespace confab::store {

// A database that keeps each different statement, with the parameters of its first use.
class RecordingDatabase final : public Database {
 public:
  using Seen = std::map<std::string, std::vector<Value>>;

  // `seen` must outlive it.
  RecordingDatabase(std::unique_ptr<Database> inner, Seen& seen)
      : inner_(std::move(inner)), seen_(seen) {}

  std::string_view exclusion_sql() const override { return inner_->exclusion_sql(); }
  DatabaseStatus status() const override { return inner_->status(); }

 private:
  asio::awaitable<StoreResult<std::vector<Rows>>> Perform(std::vector<Statement> statements,
                                                          Turn turn) override {
    for (const Statement& each : statements) {
      seen_.emplace(std::string(each.sql()), each.parameters());
    }
    return inner_->Transact(std::move(statements), turn);
  }

  std::unique_ptr<Database> inner_;
  Seen& seen_;
};

}  // namespace confab::store
