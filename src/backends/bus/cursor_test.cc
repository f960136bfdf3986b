#include "backends/bus/cursor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backends/bus/limits.h"
#include "backends/bus/testing/ledgers_under_test.h"

namespace confab::bus {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const InstanceName kOne = NameOf("one");
const InstanceName kOther = NameOf("other");

LogEntry Entry(uint64_t sequence, const InstanceName& origin, uint64_t number, uint64_t previous) {
  return {.sequence = sequence,
          .origin = origin,
          .number = number,
          .previous = previous,
          .event = std::to_string(sequence)};
}

LogRead Log(std::string life, uint64_t base, std::vector<LogEntry> entries) {
  const uint64_t last = entries.empty() ? base : entries.back().sequence;
  return {.life = std::move(life), .base = base, .sequence = last, .entries = std::move(entries)};
}

// The sequences told; {0} where it is a reset.
std::vector<uint64_t> Take(Cursor& cursor, const LogRead& read) {
  const auto told = cursor.Take(read);
  if (!told) return {0};
  std::vector<uint64_t> sequences;
  for (const LogEntry* entry : *told) sequences.push_back(entry->sequence);
  return sequences;
}

Position PositionAt(std::string life, uint64_t sequence,
                    std::map<InstanceName, uint64_t> numbers = {}) {
  return {.life = std::move(life), .sequence = sequence, .numbers = std::move(numbers)};
}

TEST(Cursor, TellsEachEntryOnce) {
  Cursor cursor(PositionAt("l", 10));
  const LogRead read = Log("l", 0, {Entry(11, kOne, 1, 0), Entry(12, kOther, 1, 0)});
  EXPECT_THAT(Take(cursor, read), ElementsAre(11, 12));
  EXPECT_THAT(Take(cursor, read), IsEmpty());
}

TEST(Cursor, WaitsWhileThereIsNoRoom) {
  Cursor cursor(PositionAt("l", 10));
  EXPECT_THAT(Take(cursor, LogRead()), IsEmpty());
}

TEST(Cursor, NoticesThatTheLogDoesNotReachBack) {
  Cursor cursor(PositionAt("l", 10));
  EXPECT_EQ(cursor.Take(Log("l", 0, {Entry(12, kOne, 2, 1)})).error(), ResetReason::kTrimmed);
}

TEST(Cursor, NoticesThatTheWholeLogIsGone) {
  Cursor cursor(PositionAt("l", 10));
  LogRead read = Log("l", 0, {});
  read.sequence = 12;
  EXPECT_EQ(cursor.Take(read).error(), ResetReason::kTrimmed);
}

TEST(Cursor, IsBehindWhereMoreIsLeftToRead) {
  Cursor cursor(PositionAt("l", 10));
  LogRead read = Log("l", 0, {Entry(11, kOne, 1, 0)});
  read.sequence = 12;
  EXPECT_THAT(Take(cursor, read), ElementsAre(11));
  EXPECT_TRUE(cursor.is_behind(read));
}

TEST(Cursor, DropsInAnotherLifeWhatItKnows) {
  Cursor cursor(PositionAt("l", 10, {{kOne, 5}}));
  const LogRead read =
      Log("m", 100, {Entry(101, kOne, 4, 3), Entry(102, kOne, 5, 4), Entry(103, kOne, 6, 5)});
  EXPECT_THAT(Take(cursor, read), ElementsAre(103));
}

TEST(Cursor, NoticesWhatAnotherLifeDoesNotBringBack) {
  Cursor cursor(PositionAt("l", 10, {{kOne, 5}}));
  EXPECT_EQ(cursor.Take(Log("m", 100, {Entry(101, kOne, 9, 7)})).error(), ResetReason::kMissed);
}

TEST(Cursor, ReadsAnotherLifeFromItsBegin) {
  Cursor cursor(PositionAt("l", 10));
  EXPECT_EQ(cursor.Take(Log("m", 100, {Entry(105, kOne, 1, 0)})).error(), ResetReason::kTrimmed);
}

TEST(Cursor, SkipsWhatCannotBeRead) {
  Cursor cursor(PositionAt("l", 10));
  LogEntry broken{.sequence = 11, .kind = EntryKind::kBroken};
  EXPECT_THAT(Take(cursor, Log("l", 0, {broken, Entry(12, kOne, 1, 0)})), ElementsAre(12));
}

TEST(Cursor, TellsARestatementOfTheLastNumberAgain) {
  Cursor cursor(PositionAt("l", 10, {{kOne, 5}}));
  LogEntry restated = Entry(11, kOne, 5, 5);
  restated.kind = EntryKind::kRestated;
  EXPECT_THAT(Take(cursor, Log("l", 0, {restated})), ElementsAre(11));
}

TEST(Cursor, KnowsWhoHasSomething) {
  Cursor cursor(PositionAt("l", 10));
  LogEntry set = Entry(11, kOne, 1, 0);
  set.set.push_back({.key = "k", .value = "v"});
  Take(cursor, Log("l", 0, {set, Entry(12, kOther, 1, 0)}));
  EXPECT_THAT(cursor.position().owners, ElementsAre(kOne));
  Take(cursor, Log("l", 0, {{.sequence = 13, .kind = EntryKind::kGone, .origin = kOne}}));
  EXPECT_THAT(cursor.position().owners, IsEmpty());
}

TEST(Cursor, RemembersOnlySoManyOrigins) {
  Cursor cursor(PositionAt("l", 0));
  for (uint64_t i = 1; i <= kMaxOriginsPerRoom + 10; ++i) {
    Take(cursor, Log("l", 0, {Entry(i, NameOf("i" + std::to_string(i)), 1, 0)}));
  }
  EXPECT_EQ(cursor.position().numbers.size(), kMaxOriginsPerRoom);
}

}  // namespace
}  // namespace confab::bus
