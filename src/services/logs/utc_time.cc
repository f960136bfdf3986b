#include "services/logs/utc_time.h"

#include <chrono>

namespace confab::logs {
namespace {

constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd";
constexpr size_t kFractionDigits = 6;
constexpr int kEpochYear = 1970;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool HasForm(std::string_view text) {
  if (text.size() <= kForm.size() || text.back() != 'Z') return false;
  for (size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] == 'd' ? !IsDigit(text[i]) : text[i] != kForm[i]) return false;
  }
  return true;
}

int Number(std::string_view digits) {
  int number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

// Of ".123" and the like: microseconds. nullopt: no fraction of 1 to 6 digits.
std::optional<int> Fraction(std::string_view text) {
  if (text.empty()) return 0;
  const std::string_view digits = text.substr(1);
  if (text[0] != '.' || digits.empty() || digits.size() > kFractionDigits) return std::nullopt;
  for (const char c : digits) {
    if (!IsDigit(c)) return std::nullopt;
  }
  int micros = Number(digits);
  for (size_t i = digits.size(); i < kFractionDigits; ++i) micros *= 10;
  return micros;
}

}  // namespace

std::optional<int64_t> ParseUtc(std::string_view text) {
  namespace chrono = std::chrono;
  if (!HasForm(text)) return std::nullopt;
  const auto micros = Fraction(text.substr(kForm.size(), text.size() - kForm.size() - 1));
  const chrono::year_month_day date{chrono::year(Number(text.substr(0, 4))),
                                    chrono::month(static_cast<unsigned>(Number(text.substr(5, 2)))),
                                    chrono::day(static_cast<unsigned>(Number(text.substr(8, 2))))};
  const int hour = Number(text.substr(11, 2)), minute = Number(text.substr(14, 2));
  const int second = Number(text.substr(17, 2));
  if (!micros || !date.ok() || static_cast<int>(date.year()) < kEpochYear || hour > 23 ||
      minute > 59 || second > 60) {
    return std::nullopt;
  }
  const auto time = chrono::sys_days(date) + chrono::hours(hour) + chrono::minutes(minute) +
                    chrono::seconds(second) + chrono::microseconds(*micros);
  return chrono::duration_cast<chrono::microseconds>(time.time_since_epoch()).count();
}

}  // namespace confab::logs
