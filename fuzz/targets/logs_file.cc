// What lies in the log folder: any octets. What the viewer tells of them is JSON, and bounded.

#include <algorithm>
#include <boost/json/parse.hpp>
#include <string>
#include <vector>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "services/logs/entry_json.h"
#include "services/logs/line_splitter.h"
#include "services/logs/log_filter.h"

namespace confab::logs {
namespace {

constexpr int64_t kNowUs = 1'700'000'000'000'000;
constexpr size_t kMaxOctetsOfOne = 6;  // "\u0000" for one octet

void CheckEntry(const LogEntry& entry) {
  CHECK(entry.time_us > 0 && entry.time_us <= kNowUs + kMaxAheadUs);
  CHECK(entry.damage == Damage::kNone || entry.text.size() <= kKeptDamagedBytes);
  std::string text;
  AppendJson(text, entry);
  CHECK(text.find('\n') == std::string::npos);
  CHECK(text.size() <= kMaxOctetsOfOne * entry.text.size() + 1024);
  boost::system::error_code error;
  const boost::json::value told = boost::json::parse(text, error);
  CHECK(!error && told.is_object());
  CHECK(told.get_object().contains(entry.damage == Damage::kNone ? "line" : "damage"));
}

}  // namespace

CONFAB_FUZZ_TARGET(logs_file) {
  const std::string_view text = AsText(input);
  const size_t half = text.size() / 2;
  LineSplitter splitter;
  std::vector<RawLine> lines;
  splitter.Add(text.substr(0, half), lines);
  splitter.Add(text.substr(half), lines);
  if (auto rest = splitter.TakeRest()) lines.push_back(std::move(*rest));
  const auto filter =
      LogFilter::Parse({{"text", std::string(text.substr(0, 32))}, {"level", "info"}});
  int64_t before_us = 0;
  for (RawLine& line : lines) {
    const LogEntry entry = ParseLine(std::move(line), nullptr, before_us, kNowUs);
    before_us = entry.time_us;
    CheckEntry(entry);
    if (filter) (void)filter->Matches(entry);
  }
}

}  // namespace confab::logs
