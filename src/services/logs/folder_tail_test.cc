#include "services/logs/folder_tail.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "auth/testing/temporary_folder.h"
#include "base/testing/error_of.h"
#include "services/logs/testing/lines.h"

namespace confab::logs {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kStartUs;
using testing::LineAt;

class FolderTailTest : public ::testing::Test {
 protected:
  fs::path Path(const std::string& name) const { return folder_.path() / name; }
  void Append(const std::string& name, std::string_view text) const {
    std::ofstream(Path(name), std::ios::app | std::ios::binary) << text;
  }
  // The texts of what came, and of what is damaged how.
  std::vector<std::string> Read() {
    const auto turn = tail_.Read(time_);
    if (!turn) {
      ADD_FAILURE() << turn.error().message;
      return {};
    }
    has_more_ = turn->has_more;
    std::vector<std::string> texts;
    for (const LogEntry& entry : turn->entries) {
      const bool is_whole = entry.damage == Damage::kNone;
      texts.push_back(is_whole ? entry.event : std::string(ToString(entry.damage)));
    }
    return texts;
  }
  static std::string Line(std::string_view event) { return LineAt(kStartUs, "", event) + "\n"; }

  auth::testing::TemporaryFolder folder_;
  FolderTail tail_{folder_.path()};
  ReadTime time_{Timestamp::Micros(1), kStartUs};
  bool has_more_ = false;
};

using Texts = std::vector<std::string>;

TEST_F(FolderTailTest, ReadsWhatIsThereAndThenWhatComes) {
  Append("media-m1.1.jsonl", Line("a") + Line("b"));
  EXPECT_EQ(Read(), (Texts{"a", "b"}));
  EXPECT_THAT(Read(), IsEmpty());
  Append("media-m1.1.jsonl", Line("c"));
  EXPECT_EQ(Read(), (Texts{"c"}));
}

TEST_F(FolderTailTest, FollowsARotationWithoutLosingALine) {
  Append("media-m1.1.jsonl", Line("a"));
  EXPECT_EQ(Read(), (Texts{"a"}));
  Append("media-m1.1.jsonl", Line("b"));
  Append("media-m1.2.jsonl", Line("c"));
  EXPECT_THAT(Read(), ::testing::UnorderedElementsAre("b", "c"));
  fs::remove(Path("media-m1.1.jsonl"));
  Append("media-m1.2.jsonl", Line("d"));
  EXPECT_EQ(Read(), (Texts{"d"}));
  EXPECT_EQ(tail_.files(), 1u);
}

TEST_F(FolderTailTest, BeginsAnewWhereAFileIsAnotherOrWasCut) {
  Append("a.jsonl", Line("long-before-the-cut"));
  EXPECT_EQ(Read(), (Texts{"long-before-the-cut"}));
  fs::resize_file(Path("a.jsonl"), 0);
  Append("a.jsonl", Line("x"));
  EXPECT_EQ(Read(), (Texts{"x"}));
  Append("new", Line("y") + Line("z"));
  fs::rename(Path("new"), Path("a.jsonl"));
  EXPECT_EQ(Read(), (Texts{"y", "z"}));
}

TEST_F(FolderTailTest, WaitsForTheEndOfALine) {
  const std::string line = Line("a");
  Append("a.jsonl", line.substr(0, 20));
  EXPECT_THAT(Read(), IsEmpty());
  Append("a.jsonl", line.substr(20));
  EXPECT_EQ(Read(), (Texts{"a"}));
}

TEST_F(FolderTailTest, GivesOutATornLineWhenNoEndComes) {
  Append("a.jsonl", Line("a") + R"({"time":"2026)");
  EXPECT_EQ(Read(), (Texts{"a"}));
  time_.now = time_.now + FileTail::kTornAfter - TimeDelta::Micros(1);
  EXPECT_THAT(Read(), IsEmpty());
  time_.now = time_.now + TimeDelta::Micros(1);
  EXPECT_EQ(Read(), (Texts{"torn"}));
  EXPECT_THAT(Read(), IsEmpty());
  Append("a.jsonl", "\n" + Line("b"));
  EXPECT_EQ(Read(), (Texts{"b"}));
}

TEST_F(FolderTailTest, ShowsWhatIsDamagedAmongWhatIsNot) {
  Append("a.jsonl", Line("a") + std::string("\0\x01\x02\n", 4) + "\x1b[31mred\n" + "text\n" +
                        std::string(1024 * 1024, 'x') + "\n" + R"({"half)" + "\n" + Line("b"));
  Texts all = Read();
  while (has_more_) {
    for (std::string& text : Read()) all.push_back(std::move(text));
  }
  EXPECT_EQ(all, (Texts{"a", "binary", "binary", "unreadable", "oversized", "torn", "b"}));
}

TEST_F(FolderTailTest, SaysWhatToDoWhereThereIsNoFolderAndReadsItWhenItComes) {
  FolderTail tail(Path("later"));
  const auto missing = tail.Read(time_);
  EXPECT_EQ(ErrorOf(missing).code, ErrorCode::kUnavailable);
  EXPECT_THAT(ErrorOf(missing).message, HasSubstr("log.folder"));
  fs::create_directory(Path("later"));
  std::ofstream(Path("later") / "a.jsonl") << Line("a");
  const auto there = tail.Read(time_);
  ASSERT_TRUE(there);
  EXPECT_EQ(there->entries.size(), 1u);
}

TEST_F(FolderTailTest, LeavesAloneWhatIsNoLogFile) {
  auth::testing::TemporaryFolder elsewhere;
  auth::testing::Write(elsewhere.path() / "secret", Line("secret"));
  fs::create_symlink(elsewhere.path() / "secret", Path("link.jsonl"));
  ASSERT_EQ(mkfifo(Path("pipe.jsonl").c_str(), 0600), 0);
  fs::create_directory(Path("folder.jsonl"));
  Append("notes.txt", Line("note"));
  EXPECT_THAT(Read(), IsEmpty());
  EXPECT_EQ(tail_.files(), 0u);
}

TEST_F(FolderTailTest, ReadsALargeFilesEndInBoundedTurns) {
  const std::string line =
      LineAt(kStartUs, R"(,"filler":")" + std::string(1000, 'x') + "\"") + "\n";
  std::string megabyte;
  while (megabyte.size() < FolderTail::kMaxFileTurnBytes) megabyte += line;
  const uint64_t wanted = FolderTail::kMaxFileBacklogBytes + 3 * megabyte.size();
  for (uint64_t size = 0; size < wanted; size += megabyte.size()) Append("a.jsonl", megabyte);
  uint64_t octets = 0;
  size_t turns = 0;
  for (bool has_more = true; has_more; ++turns) {
    const auto turn = tail_.Read(time_);
    ASSERT_TRUE(turn);
    has_more = turn->has_more;
    for (const LogEntry& entry : turn->entries) {
      EXPECT_EQ(entry.damage, Damage::kNone);
      octets += entry.octets + 1;
    }
  }
  EXPECT_LE(octets, FolderTail::kMaxFileBacklogBytes);
  EXPECT_GT(octets, FolderTail::kMaxFileBacklogBytes - 2 * line.size());
  EXPECT_GE(turns, FolderTail::kMaxFileBacklogBytes / FolderTail::kMaxFileTurnBytes);
}

}  // namespace
}  // namespace confab::logs
