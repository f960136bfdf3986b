#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/logs/story/line.h"

namespace confab::logs {

// Those fields of a line that a list of names has. The names are literals. A value.
template <typename Value>
class NamedValues {
 public:
  using Pair = std::pair<std::string_view, Value>;

  void Add(std::string_view name, Value value) { pairs_.emplace_back(name, std::move(value)); }
  // nullptr where there is none.
  const Value* Find(std::string_view name) const {
    const auto found = std::ranges::find(pairs_, name, &Pair::first);
    return found == pairs_.end() ? nullptr : &found->second;
  }
  Value ValueOr(std::string_view name, Value other) const {
    const Value* value = Find(name);
    return value ? *value : other;
  }
  auto begin() const { return pairs_.begin(); }
  auto end() const { return pairs_.end(); }
  bool empty() const { return pairs_.empty(); }

 private:
  std::vector<Pair> pairs_;
};
using Figures = NamedValues<int64_t>;
using Words = NamedValues<std::string>;

Figures FiguresOf(const Line& line, std::span<const std::string_view> names);
Words WordsOf(const Line& line, std::span<const std::string_view> names);

// Of transport.report and transport.closed of media.
std::span<const std::string_view> TransportFigures();
std::span<const std::string_view> TransportWords();
// Of client.report.
std::span<const std::string_view> ClientFigures();
std::span<const std::string_view> ClientWords();

}  // namespace confab::logs
