#include "services/logs/log_index.h"

#include <gmock/gmock.h>

#include "services/logs/live_queue.h"
#include "services/logs/testing/lines.h"

namespace confab::logs {
namespace {

using ::testing::ElementsAre;
using testing::kStartUs;
using testing::LineAt;
using testing::Parsed;

LogEntry At(int64_t offset_us, std::string_view event = "e") {
  return Parsed(LineAt(kStartUs + offset_us, "", event), kStartUs + offset_us);
}

template <typename... Entries>
std::vector<LogEntry> Batch(Entries... entries) {
  std::vector<LogEntry> batch;
  (batch.push_back(std::move(entries)), ...);
  return batch;
}

std::vector<std::string> EventsOf(const std::vector<EntryPtr>& entries) {
  std::vector<std::string> events;
  for (const EntryPtr& entry : entries) events.push_back(entry->event);
  return events;
}

TEST(LogIndex, ShowsLinesInTheOrderOfTheirTimesWhateverTheirFiles) {
  LogIndex index;
  index.Add(Batch(At(10, "c"), At(5, "b")));
  index.Add(Batch(At(20, "e"), At(0, "a"), At(15, "d")));
  EXPECT_THAT(EventsOf(index.Find({}, std::nullopt, 10).entries),
              ElementsAre("e", "d", "c", "b", "a"));
}

TEST(LogIndex, LeadsFromPageToPageWithoutGapOrRepetition) {
  LogIndex index;
  for (int i = 0; i < 10; ++i) index.Add(Batch(At(i / 3, std::to_string(i))));
  std::vector<std::string> seen;
  std::optional<LogCursor> before;
  do {
    const LogIndex::Page page = index.Find({}, before, 3);
    for (const std::string& event : EventsOf(page.entries)) seen.push_back(event);
    if (page.next) before = LogCursor::Parse(page.next->ToString());
    if (!page.next) break;
    index.Add(Batch(At(100, "new")));  // what comes meanwhile is in front of all
  } while (true);
  EXPECT_THAT(seen, ElementsAre("9", "8", "7", "6", "5", "4", "3", "2", "1", "0"));
}

TEST(LogIndex, LetsTheOldestGoBeyondItsLines) {
  LogIndex index({.lines = 3, .bytes = LogIndex::kMaxBytes});
  for (int i = 0; i < 5; ++i) index.Add(Batch(At(i, std::to_string(i))));
  EXPECT_THAT(EventsOf(index.Find({}, std::nullopt, 10).entries), ElementsAre("4", "3", "2"));
  EXPECT_EQ(index.forgotten(), 2u);
  EXPECT_EQ(index.oldest_us(), kStartUs + 2);
}

TEST(LogIndex, LetsTheOldestGoBeyondItsOctets) {
  LogIndex index({.lines = 1000, .bytes = 10'000});
  for (int i = 0; i < 100; ++i) index.Add(Batch(At(i)));
  EXPECT_LE(index.bytes(), 10'000u);
  EXPECT_GT(index.size(), 5u);
  EXPECT_EQ(index.size() + index.forgotten(), 100u);
}

TEST(LogIndex, BoundsAPageByItsOctets) {
  LogIndex index;
  const std::string large = LineAt(kStartUs, R"(,"x":")" + std::string(60'000, 'x') + "\"");
  for (int i = 0; i < 100; ++i) index.Add(Batch(Parsed(large)));
  const LogIndex::Page page = index.Find({}, std::nullopt, LogIndex::kMaxPageLines);
  EXPECT_LE(page.entries.size() * large.size(), LogIndex::kMaxPageBytes);
  EXPECT_TRUE(page.next);
}

TEST(LogCursor, RefusesWhatIsNone) {
  EXPECT_EQ(LogCursor::Parse("17.4"), (LogCursor{17, 4}));
  for (const char* text : {"", ".", "1", "1.", ".1", "a.1", "1.a", "1.2.3", " 1.2",
                           "99999999999999999999.1", "1.-2"}) {
    EXPECT_EQ(LogCursor::Parse(text), std::nullopt) << text;
  }
}

EntryPtr Shared(LogEntry entry) {
  return std::make_shared<const LogEntry>(std::move(entry));
}

TEST(LiveQueue, KeepsWhatMatchesInItsOrder) {
  LiveQueue queue(LogFilter::Parse({{"event", "a.*"}}).value());
  queue.Offer({Shared(At(0, "a.1")), Shared(At(1, "b")), Shared(At(2, "a.2"))});
  const LiveQueue::Taken taken = queue.Take();
  EXPECT_THAT(EventsOf(taken.entries), ElementsAre("a.1", "a.2"));
  EXPECT_EQ(taken.dropped, 0u);
  EXPECT_TRUE(queue.is_empty());
}

TEST(LiveQueue, DropsTheOldestForWhoReadsTooSlowlyAndSaysHowMany) {
  LiveQueue queue({});
  for (size_t i = 0; i < LiveQueue::kMaxLines + 7; ++i) {
    queue.Offer({Shared(At(static_cast<int64_t>(i), std::to_string(i)))});
  }
  LiveQueue::Taken taken = queue.Take();
  EXPECT_EQ(taken.dropped, 7u);
  EXPECT_EQ(taken.entries.front()->event, "7");
  EXPECT_EQ(taken.entries.size(), LiveQueue::kMaxTakenLines);
  EXPECT_EQ(queue.Take().dropped, 0u) << "told once";
}

TEST(LiveQueue, IsBoundedByOctetsToo) {
  LiveQueue queue({});
  const EntryPtr large =
      Shared(Parsed(LineAt(kStartUs, ",\"x\":\"" + std::string(60'000, 'x') + "\"")));
  for (int i = 0; i < 100; ++i) queue.Offer({large});
  size_t lines = 0;
  uint64_t dropped = 0;
  while (!queue.is_empty()) {
    const LiveQueue::Taken taken = queue.Take();
    EXPECT_LE(taken.entries.size() * large->text.size(), LiveQueue::kMaxTakenBytes);
    lines += taken.entries.size();
    dropped += taken.dropped;
  }
  EXPECT_LE(lines * large->text.size(), LiveQueue::kMaxBytes);
  EXPECT_EQ(lines + dropped, 100u);
}

}  // namespace
}  // namespace confab::logs
