#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "services/logs/log_entry.h"

namespace confab::logs {

// Which lines somebody wants to see. A value; what is empty takes every line.
class LogFilter {
 public:
  static constexpr size_t kMaxValueBytes = 256;
  static constexpr size_t kMaxWords = 16;

  using Parameters = std::vector<std::pair<std::string, std::string>>;
  // From names and values of people: service, level (this one and worse), event (exact, or
  // "participant.*"), room (as in lines, or the name that is hashed there), participant, session,
  // trace, from and to (UTC times, to excluded), text (words that all stand somewhere in the line,
  // small or large letters). Error kInvalidMessage: an unknown name, a value that is too long or
  // none of its kind.
  static Result<LogFilter> Parse(const Parameters& parameters);

  bool Matches(const LogEntry& entry) const;

 private:
  // A word as it would stand in the text of a line, in small letters.
  struct Word {
    std::string in_json;
    std::string in_damaged;
  };

  Result<void> Take(const std::string& name, const std::string& value);
  Result<void> TakeWords(std::string_view text);
  bool MatchesEvent(const LogEntry& entry) const;
  bool MatchesRoom(const LogEntry& entry) const;
  bool MatchesWords(const LogEntry& entry) const;

  std::string service_, event_, room_, participant_, session_, trace_;
  std::string hashed_room_;  // of room_, where there is one
  observe::LogLevel least_ = observe::LogLevel::kDebug;
  std::optional<int64_t> from_us_, to_us_;
  std::vector<Word> words_;
};

}  // namespace confab::logs
