#include "services/logs/log_filter.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hashed_name.h"
#include "observe/json_line.h"
#include "services/logs/small_letter.h"
#include "services/logs/utc_time.h"

namespace confab::logs {
namespace {

using observe::LogLevel;

std::string SmallLetters(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(), SmallLetter);
  return small;
}

// Whether `small` stands in the text, whose letters may be small or large (ASCII).
bool Contains(std::string_view text, std::string_view small) {
  return !std::ranges::search(text, small, std::equal_to{}, SmallLetter).empty() || small.empty();
}

bool IsOneOf(const std::string& wanted, const std::string& value) {
  return wanted.empty() || wanted == value;
}

std::string Escaped(std::string_view word) {
  std::string quoted;
  observe::AppendJsonString(quoted, word);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

Result<LogFilter> LogFilter::Parse(const Parameters& parameters) {
  LogFilter filter;
  for (const auto& [name, value] : parameters) {
    if (value.size() > kMaxValueBytes) {
      return Fail(ErrorCode::kInvalidMessage,
                  fmt::format("The filter \"{}\" has more than {} octets: use a shorter one.", name,
                              kMaxValueBytes));
    }
    if (auto taken = filter.Take(name, value); !taken) return std::unexpected(taken.error());
  }
  if (!filter.room_.empty()) filter.hashed_room_ = HashedName(filter.room_);
  return filter;
}

Result<void> LogFilter::Take(const std::string& name, const std::string& value) {
  if (name == "text") return TakeWords(value);
  if (value.empty()) return {};
  const std::pair<std::string_view, std::string*> texts[] = {
      {"service", &service_},         {"event", &event_},     {"room", &room_},
      {"participant", &participant_}, {"session", &session_}, {"trace", &trace_}};
  for (const auto& [known, field] : texts) {
    if (name == known) return *field = value, Result<void>();
  }
  if (name == "level") {
    for (const auto level :
         {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
      if (value == ToString(level)) return least_ = level, Result<void>();
    }
    return Fail(ErrorCode::kInvalidMessage, "level is debug, info, warning or error.");
  }
  if (name == "from" || name == "to") {
    const auto time = ParseUtc(value);
    if (!time) {
      return Fail(ErrorCode::kInvalidMessage,
                  fmt::format("{} is a UTC time such as 2026-01-31T23:59:59Z.", name));
    }
    (name == "from" ? from_us_ : to_us_) = time;
    return {};
  }
  return Fail(ErrorCode::kInvalidMessage,
              fmt::format("There is no filter \"{}\": service, level, event, room, participant, "
                          "session, trace, from, to and text are there.",
                          name.substr(0, kMaxValueBytes)));
}

Result<void> LogFilter::TakeWords(std::string_view text) {
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (end > 0) {
      const std::string_view word = text.substr(0, end);
      words_.push_back({SmallLetters(Escaped(word)), SmallLetters(word)});
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (words_.size() <= kMaxWords) return {};
  return Fail(ErrorCode::kInvalidMessage,
              fmt::format("The search has more than {} words: use fewer.", kMaxWords));
}

bool LogFilter::Matches(const LogEntry& entry) const {
  return entry.level >= least_ && (!from_us_ || entry.time_us >= *from_us_) &&
         (!to_us_ || entry.time_us < *to_us_) && IsOneOf(service_, entry.service) &&
         MatchesEvent(entry) && MatchesRoom(entry) && IsOneOf(participant_, entry.participant) &&
         IsOneOf(session_, entry.session) && IsOneOf(trace_, entry.trace) && MatchesWords(entry);
}

bool LogFilter::MatchesEvent(const LogEntry& entry) const {
  if (!event_.ends_with('*')) return IsOneOf(event_, entry.event);
  return entry.event.starts_with(std::string_view(event_).substr(0, event_.size() - 1));
}

bool LogFilter::MatchesRoom(const LogEntry& entry) const {
  return IsOneOf(room_, entry.room) || entry.room == hashed_room_;
}

bool LogFilter::MatchesWords(const LogEntry& entry) const {
  return std::ranges::all_of(words_, [&](const Word& word) {
    return Contains(entry.text, entry.damage == Damage::kNone ? word.in_json : word.in_damaged);
  });
}

}  // namespace confab::logs
