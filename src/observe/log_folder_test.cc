#include "observe/log_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace confab::observe {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre, ::testing::IsEmpty, ::testing::StartsWith;

std::string ReadFile(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class LogFolderTest : public ::testing::Test {
 protected:
  LogFolderTest() {
    std::string pattern = (fs::temp_directory_path() / "log_folder_XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
    options_ = {.folder = root_ / "logs", .role = "media", .instance = "Media.1"};
  }
  ~LogFolderTest() override { fs::remove_all(root_); }

  std::unique_ptr<LogFolder> Open() {
    return std::make_unique<LogFolder>(
        options_, [this] { return now_us_++; },
        [this](const LogFolderNews& news) { news_.push_back(news); });
  }
  // Of all files, in the order of their names.
  std::vector<std::string> Contents() const {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(options_.folder)) paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<std::string> contents;
    for (const fs::path& path : paths) contents.push_back(ReadFile(path));
    return contents;
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(options_.folder)) {
      names.push_back(entry.path().filename());
    }
    std::ranges::sort(names);
    return names;
  }
  void PutFile(const std::string& name, const std::string& content) const {
    fs::create_directories(options_.folder);
    std::ofstream(fs::path(options_.folder) / name) << content;
  }

  fs::path root_;
  LogFolderOptions options_;
  std::vector<LogFolderNews> news_;
  int64_t now_us_ = 1'795'934'653'123'456;  // 2026-11-29T06:44:13.123456Z
};

TEST_F(LogFolderTest, NamesAFileAfterItsWriterAndItsBeginning) {
  Open()->Write("{}\n");
  EXPECT_THAT(Names(), ElementsAre("media-media-1.20261129T064413.123456Z.jsonl"));
  EXPECT_THAT(Contents(), ElementsAre("{}\n"));
  EXPECT_THAT(news_, IsEmpty());
}

TEST_F(LogFolderTest, LetsOwnerAndGroupReadAndNobodyElse) {
  const mode_t before = ::umask(0);
  Open()->Write("{}\n");
  ::umask(before);
  struct stat status{};
  ASSERT_EQ(::stat(options_.folder.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0750u);
  ASSERT_EQ(::stat((options_.folder + "/" + Names().front()).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
}

TEST_F(LogFolderTest, BeginsTheNextFileBeforeALineThatDoesNotFit) {
  options_.file_octets = 10;
  const auto folder = Open();
  folder->Write("1234\n");
  folder->Write("5678\nabcd\n");
  folder->Write("a line that is longer than a file\nx\n");
  EXPECT_THAT(Contents(),
              ElementsAre("1234\n5678\n", "abcd\n", "a line that is longer than a file\n", "x\n"));
  EXPECT_EQ(folder->lost_lines(), 0u);
}

TEST_F(LogFolderTest, BeginsTheNextFileWhenOneIsOldEnough) {
  options_.file_age = TimeDelta::Seconds(60);
  const auto folder = Open();
  folder->Write("1\n");
  now_us_ += 59'000'000;
  folder->Write("2\n");
  now_us_ += 1'000'000;
  folder->Write("3\n");
  EXPECT_THAT(Contents(), ElementsAre("1\n2\n", "3\n"));
}

TEST_F(LogFolderTest, KeepsNoMoreThanItMayAndTheNewest) {
  options_.file_octets = 4;
  options_.keep_octets = 12;
  const auto folder = Open();
  for (const char* line : {"aaa\n", "bbb\n", "ccc\n", "ddd\n", "eee\n"}) folder->Write(line);
  EXPECT_THAT(Contents(), ElementsAre("ccc\n", "ddd\n", "eee\n"));
}

TEST_F(LogFolderTest, RemovesItsOwnFilesThatNobodyWroteForTooLong) {
  PutFile("media-media-1.20261101T000000.000000Z.jsonl", "old\n");
  PutFile("media-media-2.20261101T000000.000000Z.jsonl", "another's\n");
  PutFile("media-media-1.notes", "none of ours\n");
  now_us_ = static_cast<int64_t>(std::time(nullptr)) * 1'000'000;
  now_us_ += options_.keep_age.us() + 10'000'000;
  Open()->Write("new\n");
  EXPECT_THAT(Contents(), ElementsAre("new\n", "none of ours\n", "another's\n"));
}

TEST_F(LogFolderTest, InheritsFromEndedProcessesOfItsRoleWhereNamesAreRandom) {
  options_.keep_octets = options_.file_octets = 8;
  options_.instance = "b";
  const auto living = Open();
  living->Write("lives\n");
  options_.instance = "a";
  Open()->Write("ended\n");
  PutFile("signaling-a.20261101T000000.000000Z.jsonl", "another role\n");

  options_.heritage = Heritage::kEnded;
  options_.instance = "c";
  Open()->Write("mine\n");
  EXPECT_THAT(Contents(), ElementsAre("lives\n", "mine\n", "another role\n"));
}

TEST_F(LogFolderTest, WritesToAFileOfItsOwnAfterARestart) {
  Open()->Write("1\n");
  now_us_ -= 1;  // a clock that was set back
  Open()->Write("2\n");
  EXPECT_THAT(Contents(), ElementsAre("1\n", "2\n"));
}

TEST_F(LogFolderTest, LosesAndCountsWhatItCannotWriteAndSaysSoOnce) {
  std::ofstream(options_.folder) << "a file in the folder's place";
  const auto folder = Open();
  folder->Write("1\n2\n");
  folder->Write("3\n");
  EXPECT_EQ(folder->lost_lines(), 3u);
  ASSERT_EQ(news_.size(), 1u);
  EXPECT_EQ(news_[0].kind, LogFolderNews::Kind::kLost);
  EXPECT_THAT(news_[0].message, StartsWith("Log lines cannot be written to " + options_.folder));

  fs::remove(options_.folder);
  folder->Write("still too early to try again\n");
  EXPECT_EQ(folder->lost_lines(), 4u);
  now_us_ += LogFolder::kRetryPeriod.us();
  folder->Write("4\n");
  ASSERT_EQ(news_.size(), 2u);
  EXPECT_EQ(news_[1].kind, LogFolderNews::Kind::kBack);
  EXPECT_EQ(news_[1].lost_lines, 4u);
  EXPECT_THAT(Contents(), ElementsAre("4\n"));
}

TEST_F(LogFolderTest, TriesAgainAlsoWhenTheClockWasSetBack) {
  std::ofstream(options_.folder) << "a file in the folder's place";
  const auto folder = Open();
  folder->Write("1\n");
  fs::remove(options_.folder);
  now_us_ -= TimeDelta::Seconds(24 * 3600).us();
  folder->Write("2\n");
  EXPECT_THAT(Contents(), ElementsAre("2\n"));
}

TEST_F(LogFolderTest, BeginsTheNextFileAlsoWhenTheClockWasSetBack) {
  options_.file_age = TimeDelta::Seconds(60);
  const auto folder = Open();
  folder->Write("1\n");
  now_us_ -= TimeDelta::Seconds(24 * 3600).us();
  folder->Write("2\n");
  now_us_ += TimeDelta::Seconds(60).us();
  folder->Write("3\n");
  // The names tell the clock's times.
  EXPECT_THAT(Contents(), ElementsAre("3\n", "1\n2\n"));
}

TEST_F(LogFolderTest, GoesOnInANewFileWhenTheFolderWasRemoved) {
  const auto folder = Open();
  folder->Write("1\n");
  fs::remove_all(options_.folder);
  folder->Write("2\n");
  EXPECT_THAT(Contents(), ElementsAre("2\n"));
  EXPECT_EQ(folder->lost_lines(), 0u);
}

TEST_F(LogFolderTest, EndsATornLineBeforeTheNextOnAFullDisk) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can mount a small tmpfs";
  fs::create_directory(options_.folder);
  if (::mount("tmpfs", options_.folder.c_str(), "tmpfs", 0, "size=2m") != 0) {
    GTEST_SKIP() << "a tmpfs cannot be mounted here: " << std::generic_category().message(errno);
  }
  const std::string ballast = options_.folder + "/ballast";
  // A quarter of a line's length more than whole pages: the last one is torn.
  const std::string line = std::string(300'000, 'x') + "\n";
  {
    const auto folder = Open();
    std::ofstream(ballast) << std::string(1 << 20, 'b');
    for (int i = 0; i < 5; ++i) folder->Write(line);
    EXPECT_EQ(folder->lost_lines(), 2u);
    ASSERT_EQ(news_.size(), 1u);
    EXPECT_THAT(news_[0].message, ::testing::HasSubstr("No space left on device"));
    fs::remove(ballast);
    folder->Write("whole\n");
    ASSERT_EQ(news_.size(), 2u);
    EXPECT_EQ(news_[1].lost_lines, 2u);
  }
  const std::string content = ReadFile(options_.folder + "/" + Names().front());
  ::umount(options_.folder.c_str());
  EXPECT_EQ(content.substr(0, 3 * line.size()), line + line + line);
  const std::string rest = content.substr(3 * line.size());
  EXPECT_GT(rest.size(), 100u);
  EXPECT_EQ(rest.find('\n'), rest.size() - std::string("\nwhole\n").size()) << rest.size();
  EXPECT_TRUE(rest.ends_with("x\nwhole\n"));
}

}  // namespace
}  // namespace confab::observe
