// API keys, revocations and used tokens.

#include "backends/store/limits.h"
#include "backends/store/testing/store_test.h"

namespace confab::store {
namespace {

class TokenStoresTest : public StoreTest {
 protected:
  using Added = ApiKeyStore::Added;
  using Outcome = UsedTokenStore::Outcome;

  static ApiKeyRow Key(std::string id, std::string secret = "cs_secret") {
    return {.id = std::move(id),
            .secret = std::move(secret),
            .scopes = "rooms:read tokens:join",
            .room = "garden",
            .created_at_us = kNowUs};
  }
  Added Add(ApiKeyRow key) { return Done(store_->api_keys().Add(std::move(key))); }
  void Revoke(std::string subject, int64_t expires_at_us) {
    RevocationRow revocation{.subject = std::move(subject), .expires_at_us = expires_at_us};
    Do(store_->revocations().Revoke(std::move(revocation)));
  }
  bool IsRevoked(std::string subject, int64_t now_us = kNowUs) {
    return Done(store_->revocations().IsRevoked(std::move(subject), now_us));
  }
  static UsedTokenStore::Use Use(std::string token, std::string use) {
    return {.token_id = std::move(token), .use_id = std::move(use), .expires_at_us = kNowUs + 60};
  }
  Outcome Take(std::string token, std::string use) {
    return Done(store_->used_tokens().Take(Use(std::move(token), std::move(use))));
  }
};

TEST_P(TokenStoresTest, ListsKeysInOrder) {
  EXPECT_EQ(Add(Key("ck_b")), Added::kAdded);
  EXPECT_EQ(Add(Key("ck_a")), Added::kAdded);
  EXPECT_EQ(Done(store_->api_keys().All()), (std::vector<ApiKeyRow>{Key("ck_a"), Key("ck_b")}));
}

TEST_P(TokenStoresTest, AddsARepeatedKeyOnceAndNoOtherOfItsId) {
  EXPECT_EQ(Add(Key("ck_a")), Added::kAdded);
  EXPECT_EQ(Add(Key("ck_a")), Added::kAdded);
  EXPECT_EQ(Add(Key("ck_a", "cs_other")), Added::kIdTaken);
  EXPECT_EQ(Done(store_->api_keys().All()), std::vector<ApiKeyRow>{Key("ck_a")});
}

TEST_P(TokenStoresTest, RemovesKeys) {
  Add(Key("ck_a"));
  Do(store_->api_keys().Remove("ck_a"));
  Do(store_->api_keys().Remove("ck_a"));
  EXPECT_TRUE(Done(store_->api_keys().All()).empty());
}

TEST_P(TokenStoresTest, TakesNoMoreKeysThanItsLimit) {
  for (int64_t i = 0; i < kMaxApiKeys; ++i) {
    ASSERT_EQ(Add(Key("ck_" + std::to_string(i))), Added::kAdded) << i;
  }
  EXPECT_EQ(Add(Key("ck_more")), Added::kTooMany);
  EXPECT_EQ(Add(Key("ck_7")), Added::kAdded);  // repeated
  EXPECT_EQ(static_cast<int64_t>(Done(store_->api_keys().All()).size()), kMaxApiKeys);
  Do(store_->api_keys().Remove("ck_7"));
  EXPECT_EQ(Add(Key("ck_more")), Added::kAdded);
}

TEST_P(TokenStoresTest, RevokesUntilTheExpiry) {
  Revoke("token:a", kNowUs + 10);
  EXPECT_TRUE(IsRevoked("token:a", kNowUs + 9));
  EXPECT_FALSE(IsRevoked("token:a", kNowUs + 10));
  EXPECT_FALSE(IsRevoked("token:b"));
}

TEST_P(TokenStoresTest, KeepsTheLatestExpiryOfARevocation) {
  Revoke("token:a", kNowUs + 10);
  Revoke("token:a", kNowUs + 5);
  EXPECT_TRUE(IsRevoked("token:a", kNowUs + 9));
  Revoke("token:a", kNowUs + 20);
  EXPECT_TRUE(IsRevoked("token:a", kNowUs + 19));
}

TEST_P(TokenStoresTest, PagesTheRevocationsInForce) {
  for (const char* subject : {"c", "a", "d", "b"}) {
    Revoke(subject, subject == std::string("b") ? kNowUs - 1 : kNowUs + 10);
  }
  const auto first = Done(store_->revocations().Page("", kNowUs, 2));
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].subject, "a");
  EXPECT_EQ(first[1].subject, "c");
  const auto rest = Done(store_->revocations().Page("c", kNowUs, 2));
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].subject, "d");
}

TEST_P(TokenStoresTest, AdmitsOncePerToken) {
  EXPECT_EQ(Take("token", "one"), Outcome::kFirst);
  EXPECT_EQ(Take("token", "two"), Outcome::kAgain);
  EXPECT_EQ(Take("other", "two"), Outcome::kFirst);
}

TEST_P(TokenStoresTest, TakesAnIdWithThatOfTheKeyBeforeIt) {
  const std::string longest = std::string(kMaxIdBytes, 'k') + "/" + std::string(kMaxIdBytes, 't');
  EXPECT_EQ(Take(longest, "one"), Outcome::kFirst);
  EXPECT_EQ(Take(longest, "two"), Outcome::kAgain);
  EXPECT_EQ(FaultOf(store_->used_tokens().Take(Use(longest + "t", "one"))), StoreFault::kRefused);
}

TEST_P(TokenStoresTest, AdmitsTheSameAttemptAgain) {
  EXPECT_EQ(Take("token", "one"), Outcome::kFirst);
  EXPECT_EQ(Take("token", "one"), Outcome::kFirst);
  EXPECT_EQ(Take("token", "two"), Outcome::kAgain);
}

TEST_P(TokenStoresTest, AdmitsOneOfManyAtTheSameTime) {
  const auto second = OpenStore();
  std::vector<std::unique_ptr<Running<StoreResult<Outcome>>>> calls;
  for (int i = 0; i < 20; ++i) {
    Store& way = i % 2 == 0 ? *store_ : *second;
    calls.push_back(std::make_unique<Running<StoreResult<Outcome>>>(
        io_, way.used_tokens().Take(Use("token", std::to_string(i)))));
  }
  int first = 0;
  for (const auto& call : calls) {
    const auto outcome = call->Wait();
    ASSERT_TRUE(outcome) << outcome.error().message;
    first += *outcome == Outcome::kFirst ? 1 : 0;
  }
  EXPECT_EQ(first, 1);
}

TEST_P(TokenStoresTest, GivesATokenBackToItsUseAlone) {
  Take("token", "one");
  Do(store_->used_tokens().Release("token", "two"));
  EXPECT_EQ(Take("token", "two"), Outcome::kAgain);
  Do(store_->used_tokens().Release("token", "one"));
  EXPECT_EQ(Take("token", "two"), Outcome::kFirst);
}

INSTANTIATE_TEST_SUITE_P(All, TokenStoresTest, kDatabases, kDatabaseName);

}  // namespace
}  // namespace confab::store
