#include "backends/store/call_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace confab::store {
namespace {

using testing::ElementsAre;

using Queue = CallQueue<int>;

std::shared_ptr<int> Call(int number) {
  return std::make_shared<int>(number);
}

std::vector<int> Drain(Queue& queue) {
  std::vector<int> numbers;
  for (const auto& call : queue.TakeAll()) numbers.push_back(*call);
  return numbers;
}

TEST(CallQueue, GivesTurnsInOrderButForThoseThatAreNext) {
  Queue queue;
  for (const int number : {1, 2}) EXPECT_FALSE(queue.Add(Call(number), Turn::kInOrder));
  for (const int number : {3, 4}) EXPECT_FALSE(queue.Add(Call(number), Turn::kNext));
  EXPECT_EQ(*queue.TakeFirst(), 3);
  EXPECT_THAT(Drain(queue), ElementsAre(4, 1, 2));
  EXPECT_TRUE(queue.empty());
}

TEST(CallQueue, ForgetsWhoNoLongerWaits) {
  Queue queue;
  const auto usual = Call(1);
  const auto next = Call(2);
  EXPECT_FALSE(queue.Add(usual, Turn::kInOrder));
  EXPECT_FALSE(queue.Add(next, Turn::kNext));
  EXPECT_TRUE(queue.Remove(usual));
  EXPECT_FALSE(queue.Remove(usual));
  EXPECT_TRUE(queue.Remove(next));
  EXPECT_TRUE(queue.empty());
}

TEST(CallQueue, HasAPlaceForThoseThatAreNextWhileOthersCanGiveWay) {
  Queue queue;
  const int places = static_cast<int>(kMaxWaitingCalls);
  for (int i = 0; i < places; ++i) EXPECT_FALSE(queue.Add(Call(i), Turn::kInOrder));
  EXPECT_EQ(*queue.Add(Call(-1), Turn::kInOrder), -1);
  for (int i = places - 1; i >= 0; --i) EXPECT_EQ(*queue.Add(Call(-2), Turn::kNext), i);
  EXPECT_EQ(*queue.Add(Call(-3), Turn::kNext), -3);
  EXPECT_EQ(queue.size(), kMaxWaitingCalls);
}

}  // namespace
}  // namespace confab::store
