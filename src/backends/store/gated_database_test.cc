#include "backends/store/gated_database.h"

#include "backends/store/testing/faulty_database.h"
#include "backends/store/testing/store_test.h"

namespace confab::store {
namespace {

class GatedDatabaseTest : public StoreTest {
 protected:
  void SetUp() override {
    std::string why_not;
    backend_ = GetParam().make(io_, why_not);
    if (!backend_) GTEST_SKIP() << why_not;
    auto faulty = std::make_unique<FaultyDatabase>(backend_->Open());
    faulty_ = faulty.get();
    auto gated = std::make_unique<GatedDatabase>(io_, std::move(faulty));
    gated_ = gated.get();
    store_ = std::make_unique<Store>(std::move(gated));
  }
  UsedTokenStore::Use Token() { return {.token_id = "t", .use_id = "u", .expires_at_us = kNowUs}; }

  FaultyDatabase* faulty_ = nullptr;
  GatedDatabase* gated_ = nullptr;
};

TEST_P(GatedDatabaseTest, ACallThatCameTooEarlyWaitsForTheSchema) {
  Running call(io_, store_->used_tokens().Take(Token()));
  io_.poll();
  EXPECT_FALSE(call.is_done());
  EXPECT_EQ(store_->status().waiting, 1u);
  EXPECT_FALSE(store_->status().is_up);
  EXPECT_TRUE(Wait(gated_->Prepare(kNowUs)));
  const auto taken = call.Wait();
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(*taken, UsedTokenStore::Outcome::kFirst);
  EXPECT_TRUE(store_->status().is_up);
}

TEST_P(GatedDatabaseTest, StaysShutWhilePreparingFails) {
  faulty_->FailAt(1, FaultyDatabase::Moment::kBefore);
  EXPECT_FALSE(Wait(gated_->Prepare(kNowUs)));
  EXPECT_FALSE(gated_->is_prepared());
  EXPECT_EQ(store_->status().reason, "It fails before it is done");
  EXPECT_TRUE(Wait(gated_->Prepare(kNowUs)));
  EXPECT_TRUE(gated_->is_prepared());
}

TEST_P(GatedDatabaseTest, RefusesWhoWaitsWhenItEnds) {
  Running call(io_, store_->used_tokens().Take(Token()));
  io_.poll();
  store_.reset();
  const auto taken = call.Wait();
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().fault, StoreFault::kUnavailable);
}

TEST_P(GatedDatabaseTest, CountsCallsAndFaults) {
  EXPECT_TRUE(Wait(gated_->Prepare(kNowUs)));
  Done(store_->used_tokens().Take(Token()));
  faulty_->FailAt(1, FaultyDatabase::Moment::kAfter);
  EXPECT_EQ(FaultOf(store_->used_tokens().Take(Token())), StoreFault::kPerhapsDone);
  EXPECT_EQ(gated_->calls(), 2u);
  EXPECT_EQ(gated_->faults()[StoreFault::kPerhapsDone], 1u);
  EXPECT_EQ(gated_->faults()[StoreFault::kUnavailable], 0u);
}

INSTANTIATE_TEST_SUITE_P(All, GatedDatabaseTest, kDatabases, kDatabaseName);

}  // namespace
}  // namespace confab::store
