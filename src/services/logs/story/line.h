#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/logs/log_entry.h"

namespace confab::logs {

// One whole line with its fields. Whoever can write into the folder has written it, so a field that
// is missing, of another type, or too long is as if it were not there. Lives as long as it is read.
class Line {
 public:
  static constexpr size_t kMaxIdBytes = 64;         // of names: participants, transports, codes
  static constexpr size_t kMaxSentenceBytes = 400;  // of sentences; the rest is cut
  static constexpr int64_t kMaxNumber = int64_t{1} << 53;

  // nullopt: a damaged line.
  static std::optional<Line> Read(const LogEntry& entry);

  int64_t time_us() const { return entry_->time_us; }
  // By which a reader finds it: as "id" in the interface of the logs.
  std::string id() const;
  observe::LogLevel level() const { return entry_->level; }
  std::string_view event() const { return entry_->event; }
  std::string_view service() const { return entry_->service; }
  // "" where there is none, or one that is longer than an id.
  std::string_view participant() const { return IdOf(entry_->participant); }
  std::string_view session() const { return IdOf(entry_->session); }
  std::string_view trace() const { return IdOf(entry_->trace); }
  bool has_room() const { return !entry_->room.empty(); }

  // A name; "" where there is none.
  std::string Id(std::string_view field) const;
  // A sentence, cut where it is too long.
  std::string Sentence(std::string_view field) const;
  // A whole number from 0 to kMaxNumber.
  std::optional<int64_t> Number(std::string_view field) const;
  bool IsTrue(std::string_view field) const;

 private:
  Line(const LogEntry& entry, boost::json::object fields)
      : entry_(&entry), fields_(std::move(fields)) {}
  static std::string_view IdOf(const std::string& text) {
    return text.size() <= kMaxIdBytes ? std::string_view(text) : std::string_view();
  }
  std::string_view Text(std::string_view field) const;

  const LogEntry* entry_;  // of the index, which outlives the reading
  boost::json::object fields_;
};

// The beginning of a text in UTF-8, whole characters of at most `max_bytes`.
std::string_view Cut(std::string_view text, size_t max_bytes);

}  // namespace confab::logs
