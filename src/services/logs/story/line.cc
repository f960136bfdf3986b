#include "services/logs/story/line.h"

#include <boost/json/parse.hpp>
#include <cmath>
#include <utility>

#include "services/logs/log_index.h"

namespace confab::logs {
namespace {

namespace json = boost::json;

constexpr size_t kMaxDepth = 16;  // as lines were parsed when they were read
constexpr unsigned char kContinuationMask = 0xC0, kContinuation = 0x80;

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & kContinuationMask) == kContinuation;
}

std::optional<int64_t> InRange(double number) {
  if (!(number >= 0) || number > static_cast<double>(Line::kMaxNumber)) return std::nullopt;
  return static_cast<int64_t>(std::floor(number));
}

}  // namespace

std::string_view Cut(std::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  size_t end = max_bytes;
  while (end > 0 && IsContinuation(text[end])) --end;
  return text.substr(0, end);
}

std::optional<Line> Line::Read(const LogEntry& entry) {
  if (entry.damage != Damage::kNone) return std::nullopt;
  json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::system::error_code error;
  json::value value = json::parse(entry.text, error, {}, options);
  if (error || !value.is_object()) return std::nullopt;
  return Line(entry, std::move(value.get_object()));
}

std::string Line::id() const {
  return LogCursor{entry_->time_us, entry_->number}.ToString();
}

std::string_view Line::Text(std::string_view field) const {
  const json::value* value = fields_.if_contains(field);
  if (value == nullptr || !value->is_string()) return {};
  return {value->get_string().data(), value->get_string().size()};
}

std::string Line::Id(std::string_view field) const {
  const std::string_view text = Text(field);
  return text.size() <= kMaxIdBytes ? std::string(text) : std::string();
}

std::string Line::Sentence(std::string_view field) const {
  return std::string(Cut(Text(field), kMaxSentenceBytes));
}

std::optional<int64_t> Line::Number(std::string_view field) const {
  const json::value* value = fields_.if_contains(field);
  if (value == nullptr) return std::nullopt;
  if (value->is_double()) return InRange(value->get_double());
  if (value->is_uint64() && value->get_uint64() <= static_cast<uint64_t>(kMaxNumber)) {
    return static_cast<int64_t>(value->get_uint64());
  }
  if (!value->is_int64() || value->get_int64() < 0 || value->get_int64() > kMaxNumber) {
    return std::nullopt;
  }
  return value->get_int64();
}

bool Line::IsTrue(std::string_view field) const {
  const json::value* value = fields_.if_contains(field);
  return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace confab::logs
