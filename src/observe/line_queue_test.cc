#include "observe/line_queue.h"

#include <gtest/gtest.h>

#include <latch>
#include <thread>
#include <vector>

namespace confab::observe {
namespace {

// Owned by the test; the queue's thread appends while it runs, so read after Flush or the end.
LineQueue::Options QueueInto(std::string& out) {
  return {.output = [&out](std::string_view lines) { out += lines; },
          .drop_notice = [](uint64_t count) { return std::to_string(count) + " dropped"; }};
}

TEST(LineQueue, KeepsTheOrderOfAThreadsLines) {
  std::string out;
  {
    LineQueue queue(QueueInto(out));
    for (int i = 0; i < 100; ++i) queue.Push(std::to_string(i));
  }
  std::string expected;
  for (int i = 0; i < 100; ++i) expected += std::to_string(i) + "\n";
  EXPECT_EQ(out, expected);
}

TEST(LineQueue, FlushReturnsWhenEverythingIsOut) {
  std::string out;
  LineQueue queue(QueueInto(out));
  queue.Push("a");
  queue.Flush();
  EXPECT_EQ(out, "a\n");
}

TEST(LineQueue, DropsTheOldestWhenFullAndSaysSo) {
  std::latch blocked(1), release(1);
  std::string out;
  bool is_first = true;
  LineQueue::Options options = QueueInto(out);
  options.max_waiting_lines = 2;
  options.output = [&](std::string_view lines) {
    if (std::exchange(is_first, false)) {
      blocked.count_down();
      release.wait();
    }
    out += lines;
  };
  {
    LineQueue queue(options);
    queue.Push("first");
    blocked.wait();  // the queue's thread is busy: from here on lines wait
    for (const char* line : {"lost 1", "lost 2", "kept 1", "kept 2"}) queue.Push(line);
    EXPECT_EQ(queue.dropped_lines(), 2u);
    release.count_down();
  }
  EXPECT_EQ(out,
            "first\n"
            "2 dropped\nkept 1\nkept 2\n");
}

TEST(LineQueue, TakesLinesFromManyThreadsWhole) {
  std::string out;
  {
    LineQueue queue(QueueInto(out));
    std::vector<std::jthread> threads;
    for (char c : {'a', 'b', 'c', 'd'}) {
      threads.emplace_back([&queue, c] {
        for (int i = 0; i < 50; ++i) queue.Push(std::string(20, c));
      });
    }
  }
  EXPECT_EQ(out.size(), 4u * 50u * 21u);
  for (size_t at = 0; at < out.size(); at += 21) {
    EXPECT_EQ(out.substr(at, 21), std::string(20, out[at]) + "\n");
  }
}

}  // namespace
}  // namespace confab::observe
