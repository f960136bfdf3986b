#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "observe/log_event.h"

namespace confab::logs {

// What is wrong with a line. It is kept and shown all the same: whoever looks for a fault must see
// that something stood there.
enum class Damage : uint8_t {
  kNone,
  kTorn,        // it ends in the middle: a crash, a full disk
  kBinary,      // octets that no text has: NUL, ESC and other control characters
  kOversized,   // longer than kMaxLineBytes; its beginning is kept
  kUnreadable,  // no JSON object
};
inline constexpr size_t kDamageCount = static_cast<size_t>(Damage::kUnreadable) + 1;

// "whole", "torn", "binary", "oversized", "unreadable".
std::string_view ToString(Damage damage);

// One line as it came out of a file.
struct RawLine {
  std::string bytes;     // without its newline; of an oversized one the beginning
  uint64_t octets = 0;   // that it had in the file
  bool is_ended = true;  // by a newline
};

// A longer line is oversized. Services write 16 KiB at most.
inline constexpr size_t kMaxLineBytes = 64 * 1024;
// So much is kept of a line that cannot be read.
inline constexpr size_t kKeptDamagedBytes = 4 * 1024;

// One line of a log, as it is found and shown. A value that never changes once it is in the index;
// it is shared by the index and by the queues of those who read live.
struct LogEntry {
  uint64_t number = 0;  // in the order of arrival; the index gives it
  // What it is ordered by: its own time in microseconds since the Unix epoch, or, where it has none
  // or one of the future, that of the line before it or of its reading.
  int64_t time_us = 0;
  observe::LogLevel level =
      observe::LogLevel::kWarning;  // a damaged line's too: it is worth a look
  Damage damage = Damage::kNone;
  std::string service, event, room, participant, session, trace;
  // The name of the file, without its folder: shared by all its lines.
  std::shared_ptr<const std::string> file;
  // A complete JSON object in UTF-8, as it stands in the file; of a damaged line its first octets.
  std::string text;
  uint64_t octets = 0;

  // What it takes in memory, about.
  size_t cost() const;
};
using EntryPtr = std::shared_ptr<const LogEntry>;

// A clock may be ahead by so much; a line from later than that is ordered by when it was read.
inline constexpr int64_t kMaxAheadUs = 5 * 60 * 1'000'000LL;

// Reads one line, whatever it holds. `before_us`: the time of the line before it in its file, for
// lines without one. `now_us`: when it was read.
LogEntry ParseLine(RawLine line, std::shared_ptr<const std::string> file, int64_t before_us,
                   int64_t now_us);

}  // namespace confab::logs
