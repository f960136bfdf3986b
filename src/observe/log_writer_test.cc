#include "observe/log_writer.h"

#include <gtest/gtest.h>

#include <latch>
#include <thread>
#include <vector>

namespace confab::observe {
namespace {

TEST(LogWriter, KeepsTheOrderOfAThreadsLines) {
  std::string out;
  {
    LogWriter writer({.output = [&out](std::string_view lines) { out += lines; }});
    for (int i = 0; i < 100; ++i) writer.Write(std::to_string(i));
  }
  std::string expected;
  for (int i = 0; i < 100; ++i) expected += std::to_string(i) + "\n";
  EXPECT_EQ(out, expected);
}

TEST(LogWriter, FlushReturnsWhenEverythingIsOut) {
  std::string out;
  LogWriter writer({.output = [&out](std::string_view lines) { out += lines; }});
  writer.Write("a");
  writer.Flush();
  EXPECT_EQ(out, "a\n");
}

TEST(LogWriter, DropsTheOldestWhenFullAndSaysSo) {
  std::latch blocked(1), release(1);
  std::string out;
  bool is_first = true;
  LogWriterOptions options;
  options.max_waiting_lines = 2;
  options.output = [&](std::string_view lines) {
    if (std::exchange(is_first, false)) {
      blocked.count_down();
      release.wait();
    }
    out += lines;
  };
  {
    LogWriter writer(options);
    writer.Write("first");
    blocked.wait();  // the writer's thread is busy: from here on lines wait
    for (const char* line : {"lost 1", "lost 2", "kept 1", "kept 2"}) writer.Write(line);
    EXPECT_EQ(writer.dropped_lines(), 2u);
    release.count_down();
  }
  EXPECT_EQ(out,
            "first\n"
            R"({"level":"warning","event":"log.lines_dropped","count":2})"
            "\nkept 1\nkept 2\n");
}

TEST(LogWriter, TakesLinesFromManyThreadsWhole) {
  std::string out;
  {
    LogWriter writer({.output = [&out](std::string_view lines) { out += lines; }});
    std::vector<std::jthread> threads;
    for (char c : {'a', 'b', 'c', 'd'}) {
      threads.emplace_back([&writer, c] {
        for (int i = 0; i < 50; ++i) writer.Write(std::string(20, c));
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
