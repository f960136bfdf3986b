#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "backends/store/store.h"
#include "backends/store/testing/database_cases.h"
#include "backends/store/testing/wait_for.h"

namespace confab::store {

// A time such as callers give: 2026 and some days.
inline constexpr int64_t kNowUs = int64_t{1'790'000'000} * 1'000'000;
inline constexpr int64_t kSecondUs = 1'000'000;
inline constexpr int64_t kDayUs = int64_t{24} * 3600 * kSecondUs;

// A prepared store over each of the databases. Suites of their own derive from it and instantiate
// with kDatabases.
class StoreTest : public testing::TestWithParam<DatabaseCase> {
 protected:
  void SetUp() override {
    std::string why_not;
    backend_ = GetParam().make(io_, why_not);
    if (!backend_) GTEST_SKIP() << why_not;
    store_ = OpenStore();
  }
  void TearDown() override {
    store_.reset();
    io_.restart();
    io_.poll();
    backend_.reset();
  }

  // As another process would, prepared.
  std::unique_ptr<Store> OpenStore() {
    auto store = std::make_unique<Store>(backend_->Open());
    const auto prepared = Wait(store->Prepare(kNowUs));
    EXPECT_TRUE(prepared) << prepared.error().message;
    return store;
  }
  template <typename T>
  T Wait(asio::awaitable<T> work) {
    return WaitFor(io_, std::move(work));
  }
  // What must succeed.
  template <typename T>
  T Done(asio::awaitable<StoreResult<T>> work) {
    auto result = Wait(std::move(work));
    if (!result) throw std::runtime_error(result.error().message);
    return std::move(*result);
  }
  void Do(asio::awaitable<StoreResult<void>> work) {
    const auto result = Wait(std::move(work));
    if (!result) throw std::runtime_error(result.error().message);
  }
  template <typename T>
  StoreFault FaultOf(asio::awaitable<StoreResult<T>> work) {
    const auto result = Wait(std::move(work));
    if (result) throw std::runtime_error("it succeeded");
    return result.error().fault;
  }

  asio::io_context io_;
  std::unique_ptr<DatabaseUnderTest> backend_;
  std::unique_ptr<Store> store_;
};

inline const auto kDatabases = testing::Values(DatabaseCase{"Sqlite", MakeSqliteUnderTest},
                                               DatabaseCase{"Postgres", MakePostgresUnderTest});
inline const auto kDatabaseName = [](const auto& test) { return std::string(test.param.name); };

}  // namespace confab::store
