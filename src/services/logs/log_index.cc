#include "services/logs/log_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace confab::logs {
namespace {

LogCursor PlaceOf(const EntryPtr& entry) {
  return {entry->time_us, entry->number};
}

template <typename Number>
bool ReadNumber(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::optional<LogCursor> LogCursor::Parse(std::string_view text) {
  const size_t dot = text.find('.');
  LogCursor cursor;
  if (dot == std::string_view::npos || !ReadNumber(text.substr(0, dot), cursor.time_us) ||
      !ReadNumber(text.substr(dot + 1), cursor.number)) {
    return std::nullopt;
  }
  return cursor;
}

std::string LogCursor::ToString() const {
  return fmt::format("{}.{}", time_us, number);
}

std::vector<EntryPtr> LogIndex::Add(std::vector<LogEntry> entries) {
  std::vector<EntryPtr> added;
  added.reserve(entries.size());
  for (LogEntry& entry : entries) {
    entry.number = next_number_++;
    bytes_ += entry.cost();
    added.push_back(std::make_shared<const LogEntry>(std::move(entry)));
  }
  std::ranges::sort(added, std::less{}, PlaceOf);
  if (!added.empty()) {
    // Mostly everything is newer than what is there, and nothing moves.
    const auto begin =
        std::ranges::upper_bound(entries_, PlaceOf(added.front()), std::less{}, PlaceOf);
    const auto moved = begin - entries_.begin();
    const auto middle = static_cast<std::ptrdiff_t>(entries_.size());
    entries_.insert(entries_.end(), added.begin(), added.end());
    std::inplace_merge(
        entries_.begin() + moved, entries_.begin() + middle, entries_.end(),
        [](const EntryPtr& a, const EntryPtr& b) { return PlaceOf(a) < PlaceOf(b); });
  }
  Forget();
  return added;
}

void LogIndex::Forget() {
  while (!entries_.empty() && (entries_.size() > limits_.lines || bytes_ > limits_.bytes)) {
    bytes_ -= entries_.front()->cost();
    entries_.pop_front();
    ++forgotten_;
  }
}

LogIndex::Page LogIndex::Find(const LogFilter& filter, std::optional<LogCursor> before,
                              size_t limit) const {
  Page page;
  const auto end =
      before ? std::ranges::lower_bound(entries_, *before, std::less{}, PlaceOf) : entries_.end();
  size_t bytes = 0;
  for (auto at = end; at != entries_.begin();) {
    --at;
    if (!filter.Matches(**at)) continue;
    bytes += (*at)->text.size();
    if (page.entries.size() >= limit || (!page.entries.empty() && bytes > kMaxPageBytes)) {
      page.next = PlaceOf(page.entries.back());
      break;
    }
    page.entries.push_back(*at);
  }
  return page;
}

std::optional<int64_t> LogIndex::oldest_us() const {
  if (entries_.empty()) return std::nullopt;
  return entries_.front()->time_us;
}

}  // namespace confab::logs
