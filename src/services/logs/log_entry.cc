#include "services/logs/log_entry.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <optional>
#include <utility>

#include "services/logs/utc_time.h"

namespace confab::logs {
namespace {

namespace json = boost::json;
using observe::LogLevel;

// The logger writes flat objects; a little more is understood.
constexpr size_t kMaxDepth = 16;
constexpr size_t kMaxFieldBytes =
    256;  // of what is filtered by; longer values only stand in `text`
constexpr unsigned char kFirstPrintable = 0x20, kDelete = 0x7F;

bool IsText(std::string_view bytes) {
  return std::ranges::all_of(bytes, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return (octet >= kFirstPrintable && octet != kDelete) || c == '\t' || c == '\r';
  });
}

struct Parsed {
  std::optional<json::object> object;
  Damage damage = Damage::kNone;
};

Parsed ParseJson(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::system::error_code error;
  json::value value = json::parse(text, error, {}, options);
  if (error == json::error::incomplete && !text.empty()) return {{}, Damage::kTorn};
  if (error || !value.is_object()) return {{}, Damage::kUnreadable};
  return {std::move(value.get_object()), Damage::kNone};
}

std::string Member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string() || value->get_string().size() > kMaxFieldBytes) {
    return "";
  }
  return std::string(value->get_string());
}

LogLevel LevelOf(std::string_view text) {
  for (const LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kError}) {
    if (text == ToString(level)) return level;
  }
  return LogLevel::kWarning;
}

void TakeFields(const json::object& object, LogEntry& entry) {
  entry.level = LevelOf(Member(object, "level"));
  entry.service = Member(object, "service");
  entry.event = Member(object, "event");
  entry.room = Member(object, "room");
  entry.participant = Member(object, "participant");
  entry.session = Member(object, "session");
  entry.trace = Member(object, "trace");
}

Parsed Read(const RawLine& line) {
  if (line.octets > line.bytes.size()) return {{}, Damage::kOversized};
  if (!line.is_ended) return {{}, Damage::kTorn};
  if (!IsText(line.bytes)) return {{}, Damage::kBinary};
  return ParseJson(line.bytes);
}

}  // namespace

std::string_view ToString(Damage damage) {
  switch (damage) {
    case Damage::kNone: return "whole";
    case Damage::kTorn: return "torn";
    case Damage::kBinary: return "binary";
    case Damage::kOversized: return "oversized";
    case Damage::kUnreadable: return "unreadable";
  }
  return "unreadable";
}

size_t LogEntry::cost() const {
  return sizeof(LogEntry) + text.capacity() + service.capacity() + event.capacity() +
         room.capacity() + participant.capacity() + session.capacity() + trace.capacity();
}

LogEntry ParseLine(RawLine line, std::shared_ptr<const std::string> file, int64_t before_us,
                   int64_t now_us) {
  LogEntry entry;
  entry.file = std::move(file);
  entry.octets = line.octets;
  entry.time_us = before_us;
  const Parsed parsed = Read(line);
  entry.damage = parsed.damage;
  if (parsed.object) {
    TakeFields(*parsed.object, entry);
    entry.time_us = ParseUtc(Member(*parsed.object, "time")).value_or(before_us);
  } else if (line.bytes.size() > kKeptDamagedBytes) {
    line.bytes.resize(kKeptDamagedBytes);
  }
  if (entry.time_us > now_us + kMaxAheadUs || entry.time_us <= 0) entry.time_us = now_us;
  entry.text = std::move(line.bytes);
  entry.text.shrink_to_fit();
  return entry;
}

}  // namespace confab::logs
