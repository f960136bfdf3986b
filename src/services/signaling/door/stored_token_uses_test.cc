#include "services/signaling/door/stored_token_uses.h"

#include "backends/store/gated_database.h"
#include "backends/store/testing/faulty_database.h"
#include "backends/store/testing/store_test.h"

namespace confab::signaling {
namespace {

using store::FaultyDatabase, store::GatedDatabase, store::Store;

class StoredTokenUsesTest : public store::StoreTest {
 protected:
  // Two signaling instances with one store.
  struct Instance {
    Instance(asio::io_context& io, std::unique_ptr<store::Database> database, TimeDelta limit)
        : store(std::move(database)), behind(io, {}), uses(io, store, behind, limit) {}
    Store store;
    store::WriteBehind behind;
    StoredTokenUses uses;
  };
  std::unique_ptr<Instance> Open(TimeDelta limit = StoredTokenUses::kTakeLimit) {
    auto faulty = std::make_unique<FaultyDatabase>(backend_->Open());
    faulty_ = faulty.get();
    return std::make_unique<Instance>(io_, std::move(faulty), limit);
  }
  static TokenUse Attempt(const std::string& use_id) {
    return TokenUse("token", use_id, store::kNowUs / 1'000'000);
  }
  // kInternal: it was let in.
  ErrorCode RefusalOf(Instance& instance, const std::string& use_id) {
    const auto taken = Wait(instance.uses.Take(Attempt(use_id)));
    return taken ? ErrorCode::kInternal : taken.error().code;
  }

  FaultyDatabase* faulty_ = nullptr;  // of the instance that was opened last
};

constexpr ErrorCode kLetIn = ErrorCode::kInternal;

TEST_P(StoredTokenUsesTest, LetsATokenInOnceOverAllInstances) {
  const auto one = Open(), other = Open();
  EXPECT_EQ(RefusalOf(*one, "a"), kLetIn);
  EXPECT_EQ(RefusalOf(*other, "b"), ErrorCode::kUnauthorized);
  EXPECT_EQ(RefusalOf(*one, "c"), ErrorCode::kUnauthorized);
}

TEST_P(StoredTokenUsesTest, LetsATokenInAgainWhoseJoinFailed) {
  const auto one = Open(), other = Open();
  EXPECT_EQ(RefusalOf(*one, "a"), kLetIn);
  one->uses.Release(Attempt("a"));
  store::RunUntil(io_, [&] { return one->behind.status().written == 1; });
  EXPECT_EQ(RefusalOf(*other, "b"), kLetIn);
}

TEST_P(StoredTokenUsesTest, LetsNobodyInWhileTheStoreIsAway) {
  const auto one = Open();
  faulty_->FailAt(1, FaultyDatabase::Moment::kBefore);
  EXPECT_EQ(RefusalOf(*one, "a"), ErrorCode::kUnavailable);
  EXPECT_EQ(RefusalOf(*one, "b"), kLetIn);
}

TEST_P(StoredTokenUsesTest, AsksAgainWhereTheAnswerWasLost) {
  const auto one = Open();
  faulty_->FailAt(1, FaultyDatabase::Moment::kAfter);
  EXPECT_EQ(RefusalOf(*one, "a"), kLetIn);
  EXPECT_EQ(RefusalOf(*one, "b"), ErrorCode::kUnauthorized);
}

TEST_P(StoredTokenUsesTest, UndoesWhatTheStoreDidTooLate) {
  auto gated = std::make_unique<GatedDatabase>(io_, backend_->Open());
  GatedDatabase& gate = *gated;
  Instance one(io_, std::move(gated), TimeDelta::Millis(1));
  EXPECT_EQ(RefusalOf(one, "a"), ErrorCode::kUnavailable);
  EXPECT_TRUE(Wait(gate.Prepare(store::kNowUs)));
  store::RunUntil(io_, [&] { return one.behind.status().written == 1; });
  EXPECT_EQ(RefusalOf(*Open(), "b"), kLetIn);
}

INSTANTIATE_TEST_SUITE_P(All, StoredTokenUsesTest, store::kDatabases, store::kDatabaseName);

}  // namespace
}  // namespace confab::signaling
