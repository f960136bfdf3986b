#include "observe/log_line.h"

#include <fmt/format.h>

#include <array>
#include <ctime>

#include "observe/json_line.h"

namespace confab::observe {
namespace {

struct ScopePart {
  std::string_view key;
  const std::string& value;
};

std::array<ScopePart, 4> PartsOf(const LogScope& scope) {
  return {{{"room", scope.room},
           {"participant", scope.participant},
           {"session", scope.session},
           {"trace", scope.trace}}};
}

constexpr std::string_view kCutMark = R"(,"cut":true})";
// A quoted key, its colon and comma, the value's quotes or a number's digits.
constexpr size_t kFieldOverhead = 32;

// Adds while there is room for more and for the mark.
class LimitedJson {
 public:
  void Add(std::string_view key, std::string_view value) {
    const size_t room = RoomFor(key);
    std::string_view fits = FitJsonString(value, room);
    if (fits.size() < value.size()) is_cut_ = true;
    if (room > 0) json_.Add(key, fits);
  }
  void Add(std::string_view key, bool value) {
    if (HasRoom(key)) json_.AddBool(key, value);
  }
  template <typename Number>
  void Add(std::string_view key, Number value) {
    if (HasRoom(key)) json_.Add(key, value);
  }

  std::string Finish() {
    if (is_cut_) json_.AddBool("cut", true);
    return json_.Finish();
  }

 private:
  size_t RoomFor(std::string_view key) const {
    const size_t used = json_.size() + key.size() + kFieldOverhead + kCutMark.size();
    return used < kMaxLogLineSize ? kMaxLogLineSize - used : 0;
  }
  bool HasRoom(std::string_view key) {
    const bool has_room = RoomFor(key) > 0;
    if (!has_room) is_cut_ = true;
    return has_room;
  }

  JsonLine json_;
  bool is_cut_ = false;
};

struct AddToJson {
  LimitedJson& json;
  std::string_view key;
  void operator()(const std::string& value) const { json.Add(key, std::string_view(value)); }
  template <typename Scalar>
  void operator()(Scalar value) const {
    json.Add(key, value);
  }
};

struct AddToText {
  std::string& text;
  std::string_view key;
  void operator()(const std::string& value) const {
    text += fmt::format(" {}=", key);
    AppendJsonString(text, FitJsonString(value, kMaxLogLineSize));
  }
  template <typename Scalar>
  void operator()(Scalar value) const {
    text += fmt::format(" {}={}", key, value);
  }
};

// Without the half of a character at the end.
void CutText(std::string& text) {
  constexpr std::string_view kMark = " (cut)";
  if (text.size() <= kMaxLogLineSize) return;
  size_t end = kMaxLogLineSize - kMark.size();
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  text += kMark;
}

constexpr int64_t kMicrosPerSecond = 1'000'000;

}  // namespace

std::string FormatUtc(int64_t unix_us) {
  const auto seconds = static_cast<std::time_t>(unix_us / kMicrosPerSecond);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", utc.tm_year + 1900,
                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                     unix_us % kMicrosPerSecond);
}

std::string ToJson(const LogLine& line) {
  LimitedJson json;
  json.Add("time", std::string_view(FormatUtc(line.unix_us)));
  json.Add("level", ToString(line.level));
  json.Add("service", line.service);
  json.Add("instance", line.instance);
  json.Add("event", ToString(line.event));
  for (const ScopePart& part : PartsOf(line.scope)) {
    if (!part.value.empty()) json.Add(part.key, std::string_view(part.value));
  }
  for (const LogField& field : line.fields) std::visit(AddToJson{json, field.key()}, field.value());
  return json.Finish();
}

std::string ToText(const LogLine& line) {
  constexpr size_t kTimeOfDay = 11, kTimeLength = 12;  // "23:59:59.123" inside the UTC form
  std::string text =
      fmt::format("{} {:<7} {:<9} {}", FormatUtc(line.unix_us).substr(kTimeOfDay, kTimeLength),
                  ToString(line.level), line.service, ToString(line.event));
  for (const ScopePart& part : PartsOf(line.scope)) {
    if (!part.value.empty()) AddToText{text, part.key}(part.value);
  }
  for (const LogField& field : line.fields) std::visit(AddToText{text, field.key()}, field.value());
  CutText(text);
  return text;
}

}  // namespace confab::observe
