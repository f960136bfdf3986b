// What lines of anybody tell of a call: a JSON object, of a bounded length, whatever they say.

#include <boost/json/parse.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "services/logs/line_splitter.h"
#include "services/logs/log_index.h"
#include "services/logs/story/story_json.h"
#include "services/logs/story/tell_room.h"

namespace confab::logs {
namespace {

constexpr int64_t kStoryUs = 1'700'000'000'000'000;

// What has no time of its own is some seconds later than the line before.
constexpr int64_t kStepUs = 7'000'000;

}  // namespace

CONFAB_FUZZ_TARGET(story) {
  LineSplitter splitter;
  std::vector<RawLine> lines;
  splitter.Add(AsText(input), lines);
  if (auto rest = splitter.TakeRest()) lines.push_back(std::move(*rest));
  const auto file = std::make_shared<const std::string>("signaling-s1.1.jsonl");
  LogIndex index;
  int64_t at_us = kStoryUs - static_cast<int64_t>(lines.size()) * kStepUs;
  for (RawLine& line : lines) {
    std::vector<LogEntry> entries;
    line.is_ended = true;
    entries.push_back(ParseLine(std::move(line), file, at_us, kStoryUs));
    index.Add(std::move(entries));
    at_us += kStepUs;
  }
  const auto told = TellRoom(
      index, {.room = {.hashed = "r", .as_written = "room"}, .at_us = {}, .now_us = kStoryUs});
  if (!told) return;
  CHECK(told->size() <= kMaxStoryBytes);
  boost::system::error_code error;
  const boost::json::value parsed = boost::json::parse(*told, error);
  CHECK(!error && parsed.is_object());
  for (const char* member : {"room", "calls", "participants", "failures", "findings"}) {
    CHECK(parsed.get_object().contains(member));
  }
}

}  // namespace confab::logs
