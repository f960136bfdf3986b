#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace confab::observe {

// Appends `text` as a JSON string with its quotes (RFC 8259 §7). Control characters are escaped,
// bytes that are not UTF-8 become U+FFFD: a log line is always valid JSON.
void AppendJsonString(std::string& out, std::string_view text);

// As much of the beginning of `text` as takes at most `max_octets` inside the quotes; ends with a
// whole character.
std::string_view FitJsonString(std::string_view text, size_t max_octets);

// Builds one flat JSON object, in the order of the calls.
class JsonLine {
 public:
  void Add(std::string_view key, std::string_view value);
  void Add(std::string_view key, int64_t value);
  void Add(std::string_view key, uint64_t value);
  // Not finite: null.
  void Add(std::string_view key, double value);
  void AddBool(std::string_view key, bool value);  // by name: a literal would convert to bool

  // Octets so far.
  size_t size() const { return text_.size(); }
  // The object; the builder is empty afterwards.
  std::string Finish();

 private:
  void Key(std::string_view key);

  std::string text_;
};

}  // namespace confab::observe
