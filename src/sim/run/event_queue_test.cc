#include "sim/run/event_queue.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace confab::sim {
namespace {

TEST(EventQueue, GivesWhatComesFirst) {
  EventQueue<int> queue;
  queue.Add(Timestamp::Millis(3), 3);
  queue.Add(Timestamp::Millis(1), 1);
  queue.Add(Timestamp::Millis(2), 2);
  EXPECT_EQ(queue.next(), Timestamp::Millis(1));
  EXPECT_EQ(queue.Take(), 1);
  EXPECT_EQ(queue.Take(), 2);
  EXPECT_EQ(queue.Take(), 3);
  EXPECT_TRUE(queue.next().is_never());
}

TEST(EventQueue, KeepsTheOrderOfWhatHappensAtOneTime) {
  EventQueue<int> queue;
  Prng random(4);
  for (int i = 0; i < 1000; ++i) {
    queue.Add(Timestamp::Millis(static_cast<int64_t>(random.Below(5))), i);
  }
  Timestamp at = queue.next();
  int last = -1;
  while (!queue.empty()) {
    if (queue.next() != at) last = -1;
    at = queue.next();
    const int event = queue.Take();
    EXPECT_GT(event, last);
    last = event;
  }
}

}  // namespace
}  // namespace confab::sim
