#include "services/gateway/api/idempotency.h"

#include <gtest/gtest.h>

#include "base/testing/error_of.h"

namespace confab::gateway {
namespace {

const Timestamp kAskedAt = Timestamp::Millis(1'000'000);
const Idempotency::Question kQuestion{"ck_a", "key-1", "POST /rooms {}"};

net::HttpResponse Answer(const std::string& text) {
  return net::JsonResponse(201, text);
}

TEST(Idempotency, GivesTheFirstAnswerAgain) {
  Idempotency answers;
  ASSERT_FALSE(answers.Begin(kQuestion, kAskedAt)->has_value());
  answers.Finish(kQuestion, Answer("{\"room\":\"a\"}"));
  const auto again = answers.Begin(kQuestion, kAskedAt + TimeDelta::Seconds(599));
  ASSERT_TRUE(again && *again);
  EXPECT_EQ((*again)->status, 201u);
  EXPECT_EQ((*again)->body, "{\"room\":\"a\"}");
}

TEST(Idempotency, RefusesTheSameKeyForAnotherRequest) {
  Idempotency answers;
  ASSERT_TRUE(answers.Begin(kQuestion, kAskedAt));
  answers.Finish(kQuestion, Answer("{}"));
  Idempotency::Question other = kQuestion;
  other.content = "POST /rooms {\"name\":\"b\"}";
  const auto result = answers.Begin(other, kAskedAt);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kDuplicateId);
}

TEST(Idempotency, RefusesASecondRequestWhileTheFirstIsAtWork) {
  Idempotency answers;
  ASSERT_TRUE(answers.Begin(kQuestion, kAskedAt));
  ASSERT_FALSE(answers.Begin(kQuestion, kAskedAt));
  answers.Abandon(kQuestion);
  const auto again = answers.Begin(kQuestion, kAskedAt);
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->has_value()) << "an abandoned key is free";
}

TEST(Idempotency, TellsCallersApart) {
  Idempotency answers;
  ASSERT_TRUE(answers.Begin(kQuestion, kAskedAt));
  answers.Finish(kQuestion, Answer("{\"secret\":1}"));
  // Joined without a length, "ck_a" + "key-1" would be "ck_" + "akey-1".
  const auto other = answers.Begin({"ck_", "akey-1", kQuestion.content}, kAskedAt);
  ASSERT_TRUE(other);
  EXPECT_FALSE(other->has_value());
}

TEST(Idempotency, ForgetsAfterItsLifetimeAndBeyondItsLimit) {
  Idempotency answers;
  ASSERT_TRUE(answers.Begin(kQuestion, kAskedAt));
  answers.Finish(kQuestion, Answer("{}"));
  const auto later = answers.Begin(kQuestion, kAskedAt + Idempotency::kLifetime);
  ASSERT_TRUE(later);
  EXPECT_FALSE(later->has_value());
  for (size_t i = 0; i < Idempotency::kMaxAnswers + 10; ++i) {
    ASSERT_TRUE(answers.Begin({"ck_b", std::to_string(i), ""}, kAskedAt + Idempotency::kLifetime));
  }
  EXPECT_EQ(answers.size(), Idempotency::kMaxAnswers);
}

TEST(Idempotency, RefusesKeysThatAreNone) {
  Idempotency answers;
  EXPECT_EQ(ErrorOf(answers.Begin({"a", "", ""}, kAskedAt)).code, ErrorCode::kInvalidMessage);
  EXPECT_EQ(ErrorOf(answers.Begin({"a", std::string(65, 'k'), ""}, kAskedAt)).code,
            ErrorCode::kInvalidMessage);
}

}  // namespace
}  // namespace confab::gateway
