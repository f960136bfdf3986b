#include "observe/log_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <latch>
#include <sstream>

#include "observe/logger.h"
#include "observe/testing/writer_into.h"

namespace confab::observe {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::Into;
using testing::kNow;

class LogWriterFolderTest : public ::testing::Test {
 protected:
  LogWriterFolderTest() {
    std::string pattern = (fs::temp_directory_path() / "log_writer_XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
    folder_ = {.folder = root_ / "logs", .role = "media", .instance = "i1"};
  }
  ~LogWriterFolderTest() override { fs::remove_all(root_); }

  std::string Content() const {
    std::ostringstream text;
    for (const auto& entry : fs::directory_iterator(folder_.folder)) {
      text << std::ifstream(entry.path()).rdbuf();
    }
    return text.str();
  }

  fs::path root_;
  LogFolderOptions folder_;
};

TEST(LogWriter, SaysHowManyLinesItDroppedAsALineLikeAnyOther) {
  std::latch blocked(1), release(1);
  std::string out;
  LogWriterOptions options = Into(out);
  options.max_waiting_lines = 1;
  bool is_first = true;
  options.output = [&](std::string_view lines) {
    if (std::exchange(is_first, false)) {
      blocked.count_down();
      release.wait();
    }
    out += lines;
  };
  {
    LogWriter writer(options);
    const Logger logger(writer, "media", "i1");
    logger.Log(LogLevel::kInfo, LogEvent::kWorkerStarted, {});
    blocked.wait();
    for (int i = 0; i < 3; ++i) logger.Log(LogLevel::kInfo, LogEvent::kWorkerStopped, {});
    EXPECT_EQ(writer.dropped_lines(), 2u);
    release.count_down();
  }
  EXPECT_THAT(out, HasSubstr(R"({"time":"2025-12-31T23:59:59.000042Z","level":"warning",)"
                             R"("service":"app","instance":"i1","event":"log.lines_dropped",)"
                             R"("count":2})"));
}

TEST_F(LogWriterFolderTest, WritesTheSameJsonLinesToFiles) {
  std::string out;
  {
    LogWriterOptions options = Into(out);
    options.folder = folder_;
    LogWriter writer(std::move(options));
    const Logger logger(writer, "media", "i1");
    for (int i = 0; i < 3; ++i) {
      logger.Log(LogLevel::kInfo, LogEvent::kWorkerStarted, {.room = "r"}, {{"worker", i}});
    }
    logger.Log(LogLevel::kDebug, LogEvent::kWorkerStopped, {});
  }
  EXPECT_THAT(out, HasSubstr(R"("worker":2})"));
  EXPECT_EQ(Content(), out);
}

TEST_F(LogWriterFolderTest, WritesJsonToFilesWhileATerminalShowsText) {
  std::string out;
  {
    LogWriterOptions options = Into(out);
    options.format = LogFormat::kText;
    options.folder = folder_;
    LogWriter writer(std::move(options));
    Logger(writer, "media", "i1").Log(LogLevel::kInfo, LogEvent::kWorkerStarted, {});
  }
  EXPECT_EQ(out, "23:59:59.000 info    media     worker.started\n");
  EXPECT_EQ(Content(), R"({"time":"2025-12-31T23:59:59.000042Z","level":"info","service":"media",)"
                       R"("instance":"i1","event":"worker.started"})"
                       "\n");
}

TEST_F(LogWriterFolderTest, TellsTheOutputWhenTheFolderIsLostAndBothWhenItIsBack) {
  std::string out;
  std::atomic<int64_t> now = kNow;
  std::ofstream(folder_.folder) << "a file in the folder's place";
  LogWriterOptions options = Into(out);
  options.unix_now_us = [&now] { return now.load(); };
  options.folder = folder_;
  LogWriter writer(std::move(options));
  const Logger logger(writer, "media", "i1");
  for (int i = 0; i < 3; ++i) logger.Log(LogLevel::kInfo, LogEvent::kWorkerStarted, {});
  writer.Flush();
  EXPECT_EQ(writer.lines_lost_to_folder(), 3u);
  EXPECT_THAT(out, HasSubstr(R"("event":"log.folder_lost","message":"Log lines cannot be)"));
  EXPECT_EQ(out.find("log.folder_lost"), out.rfind("log.folder_lost"));

  fs::remove(folder_.folder);
  now += LogFolder::kRetryPeriod.us();
  logger.Log(LogLevel::kInfo, LogEvent::kWorkerStopped, {});
  writer.Flush();
  EXPECT_THAT(out, HasSubstr(R"("event":"log.folder_back")"));
  EXPECT_THAT(Content(), HasSubstr("worker.stopped"));
  EXPECT_THAT(Content(), HasSubstr(R"(again.","count":3})"));
}

}  // namespace
}  // namespace confab::observe
