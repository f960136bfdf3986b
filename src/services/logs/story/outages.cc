#include "services/logs/story/outages.h"

#include <algorithm>
#include <utility>

namespace confab::logs {
namespace {

// Instances notice at different times, by their probes.
constexpr int64_t kTogetherUs = 20 * kSecondUs;

bool IsSame(const Outage& a, const Outage& b) {
  return a.backend == b.backend && a.media == b.media &&
         Overlap(Widened(a.time, kTogetherUs, kTogetherUs), b.time);
}

void Join(Outage& outage, const Outage& other) {
  outage.time.from_us = std::min(outage.time.from_us, other.time.from_us);
  if (!outage.time.to_us || !other.time.to_us) {
    outage.time.to_us.reset();
  } else {
    outage.time.to_us = std::max(*outage.time.to_us, *other.time.to_us);
  }
  if (outage.noticed != other.noticed) outage.noticed.clear();
  for (const std::string& line : other.lines) {
    if (outage.lines.size() < OutageReader::kMaxLines) outage.lines.push_back(line);
  }
}

}  // namespace

void OutageReader::Take(const Line& line) {
  const std::string_view event = line.event();
  if (event == "media.lost") return Begin(Backend::kMedia, line);
  if (event == "bus.lost") return Begin(Backend::kBus, line);
  if (event == "store.lost") return Begin(Backend::kStore, line);
  if (event == "media.back") return End(Backend::kMedia, line);
  if (event == "bus.back" || event == "bus.ready") return End(Backend::kBus, line);
  if (event == "store.back" || event == "store.ready") return End(Backend::kStore, line);
  // Another process under the same name knows nothing of what its forerunner missed.
  if (event == "service.started" || event == "service.stopped") EndAllOf(line.Id("instance"), line);
}

void OutageReader::Begin(Backend backend, const Line& line) {
  Outage outage{.backend = backend,
                .media = backend == Backend::kMedia ? line.Id("media") : "",
                .noticed = line.Id("instance"),
                .time = {line.time_us(), std::nullopt},
                .lines = {line.id()}};
  if (outage.noticed.empty() || (backend == Backend::kMedia && outage.media.empty())) return;
  const Key key(backend, outage.media, outage.noticed);
  if (open_.contains(key) || open_.size() == kMaxOpen || outages_.size() == kMaxOutages) return;
  open_.emplace(key, outages_.size());
  outages_.push_back(std::move(outage));
}

void OutageReader::End(Backend backend, const Line& line) {
  const auto found = open_.find(
      Key(backend, backend == Backend::kMedia ? line.Id("media") : "", line.Id("instance")));
  if (found == open_.end()) return;
  outages_[found->second].time.to_us = line.time_us();
  outages_[found->second].lines.push_back(line.id());
  open_.erase(found);
}

void OutageReader::EndAllOf(const std::string& instance, const Line& line) {
  std::erase_if(open_, [&](const auto& each) {
    if (std::get<2>(each.first) != instance) return false;
    outages_[each.second].time.to_us = line.time_us();
    return true;
  });
}

std::vector<Outage> OutageReader::Finish() {
  std::vector<Outage> joined;
  for (const Outage& outage : outages_) {
    const auto same =
        std::ranges::find_if(joined, [&](const Outage& each) { return IsSame(each, outage); });
    if (same == joined.end()) {
      joined.push_back(outage);
    } else {
      Join(*same, outage);
    }
  }
  return joined;
}

}  // namespace confab::logs
