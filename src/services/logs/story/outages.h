#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "services/logs/story/line.h"
#include "services/logs/story/times.h"

namespace confab::logs {

enum class Backend : uint8_t { kMedia, kBus, kStore };

// That something was not there for a time, as one or several instances have noticed.
struct Outage {
  Backend backend = Backend::kMedia;
  std::string media;    // which media instance
  std::string noticed;  // the instance that says it; "" where several do
  TimeSpan time;
  std::vector<std::string> lines;
};

// Reads lines such as bus.lost and bus.back, in the order of time.
class OutageReader {
 public:
  static constexpr size_t kMaxOpen = 1000, kMaxOutages = 1000, kMaxLines = 20;

  void Take(const Line& line);
  // Those that several instances noticed at about the same time are one.
  std::vector<Outage> Finish();

 private:
  using Key = std::tuple<Backend, std::string, std::string>;  // of what, media, who noticed

  void Begin(Backend backend, const Line& line);
  void End(Backend backend, const Line& line);
  void EndAllOf(const std::string& instance, const Line& line);

  std::map<Key, size_t> open_;  // of outages_
  std::vector<Outage> outages_;
};

}  // namespace confab::logs
