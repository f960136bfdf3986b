// A process that is killed at any moment has stored what it acknowledged.

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>

#include "backends/store/sqlite/sqlite_database.h"
#include "backends/store/store.h"
#include "backends/store/testing/store_test.h"
#include "backends/store/testing/temp_folder.h"
#include "backends/store/testing/wait_for.h"
#include "base/random.h"
#include "net/file_descriptor.h"

namespace confab::store {
namespace {

constexpr int kRounds = 25;
constexpr int kMostWritten = 100'000;  // in one round; far more than it comes to

NewMessage Message(int number) {
  return {.room = "garden",
          .sender = "ann",
          .client_id = std::to_string(number),
          .body = std::string(500, 'x'),
          .sent_at_us = kNowUs};
}

// The process that is killed: writes messages and tells the number of each that is acknowledged.
[[noreturn]] void Write(const std::filesystem::path& file, int first, int tell) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  asio::io_context io;
  auto database = SqliteDatabase::Open(io, {.file = file});
  if (!database) _exit(1);
  Store store(std::move(*database));
  for (int number = first; number < first + kMostWritten; ++number) {
    const auto added = WaitFor(io, store.messages().Add(Message(number)));
    if (!added || write(tell, &number, sizeof(number)) != sizeof(number)) _exit(1);
  }
  _exit(0);
}

class Writer {
 public:
  Writer(const std::filesystem::path& file, int first) {
    int ends[2];
    if (pipe(ends) != 0) return;
    told_ = net::FileDescriptor(ends[0]);
    process_ = fork();
    if (process_ == 0) Write(file, first, ends[1]);
    close(ends[1]);
  }

  // The number of the next message that is acknowledged; -1 at the end.
  int Next() {
    int number = 0;
    return read(told_.value(), &number, sizeof(number)) == sizeof(number) ? number : -1;
  }
  void Kill() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  // Nothing is awaited: it lets some time of the writer's pass.
  static void LetRun(uint64_t us) { usleep(static_cast<useconds_t>(us)); }

 private:
  net::FileDescriptor told_;
  pid_t process_ = 0;
};

// Messages by their client id; each id must be there once, with numbers that have no gap.
std::map<int, int64_t> ReadAll(const std::filesystem::path& file) {
  asio::io_context io;
  auto database = SqliteDatabase::Open(io, {.file = file});
  EXPECT_TRUE(database) << database.error().message;
  const auto intact = WaitFor(io, (*database)->Run(Statement("PRAGMA integrity_check")));
  EXPECT_EQ(*intact, (Rows{{std::string("ok")}}));
  const auto rows =
      WaitFor(io, (*database)->Run(Statement("SELECT max(seq), count(*), max(last) FROM messages, "
                                             "message_sequences")));
  if (std::get<int64_t>((*rows)[0][1]) > 0) {
    EXPECT_EQ((*rows)[0][0], (*rows)[0][1]);
    EXPECT_EQ((*rows)[0][0], (*rows)[0][2]);
  }
  std::map<int, int64_t> found;
  Store store(std::move(*database));
  for (int64_t before = INT64_MAX; before > 1;) {
    MessageStore::HistoryPage page{
        .room = "garden", .viewer = "ann", .before_seq = before, .max_rows = 200};
    const auto part = WaitFor(io, store.messages().History(std::move(page)));
    if (!part || part->empty()) break;
    for (const MessageRow& row : *part) {
      EXPECT_TRUE(found.emplace(std::stoi(row.client_id), row.seq).second) << row.client_id;
    }
    before = part->back().seq;
  }
  return found;
}

TEST(SqliteCrash, KeepsWhatWasAcknowledgedWheneverItIsKilled) {
  const TempFolder folder;
  const auto file = folder.path() / "confab.db";
  {
    asio::io_context io;
    Store store(std::move(*SqliteDatabase::Open(io, {.file = file})));
    ASSERT_TRUE(WaitFor(io, store.Prepare(kNowUs)));
  }
  Prng random(2026);
  std::vector<int> acknowledged;
  int first = 0;
  for (int round = 0; round < kRounds; ++round) {
    Writer writer(file, first);
    for (uint64_t left = random.Below(30); left > 0; --left) {
      const int number = writer.Next();
      ASSERT_GE(number, 0) << "the writer failed";
      acknowledged.push_back(number);
    }
    Writer::LetRun(random.Below(3000));
    writer.Kill();
    for (int number = writer.Next(); number >= 0; number = writer.Next()) {
      acknowledged.push_back(number);
    }
    first += kMostWritten;
  }
  ASSERT_GT(acknowledged.size(), 100u);
  const auto found = ReadAll(file);
  for (const int number : acknowledged) EXPECT_TRUE(found.contains(number)) << number;
  // At most one a round was stored without its acknowledgement being told.
  EXPECT_LE(found.size(), acknowledged.size() + kRounds);
}

}  // namespace
}  // namespace confab::store
