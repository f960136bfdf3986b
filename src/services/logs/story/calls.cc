#include "services/logs/story/calls.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "services/logs/story/line.h"

namespace confab::logs {
namespace {

// Rooms are smaller; who writes lines of more is not followed.
constexpr size_t kMaxInside = 1000;
constexpr size_t kMaxCounted = 100'000;
// So often it is looked who has vanished.
constexpr int64_t kLookUs = 30 * kSecondUs;

template <size_t kCount>
bool IsOneOf(std::string_view event, const std::array<std::string_view, kCount>& events) {
  return std::ranges::find(events, event) != events.end();
}

// What only a participant inside has; seen first where the line of its joining is forgotten.
constexpr std::array<std::string_view, 7> kInside{
    "participant.joined", "participant.resumed", "participant.lost", "client.report",
    "producer.paused",    "producer.resumed",    "producer.added"};
constexpr std::array<std::string_view, 3> kUnable{"connection.refused", "participant.refused",
                                                  "client.failed"};

// Follows who is inside while it goes through the lines.
class CallCutter {
 public:
  CallCutter(const Processes& processes, int64_t now_us) : processes_(processes), now_us_(now_us) {}

  void Take(const LogEntry& line, size_t index) {
    Look(line.time_us);
    if (has_call_ && inside_.empty() && line.time_us - last_us_ > kCallGapUs) Close(index);
    if (!has_call_) Open(line, index);
    // A transport that somebody prepared and left is no reason for a call to go on.
    if (!inside_.empty() || line.event != "transport.report") last_us_ = line.time_us;
    if (line.event == "participant.left") return Leave(line);
    if (IsOneOf(line.event, kUnable)) is_told_ = true;
    Follow(line);
  }

  std::vector<FoundCall> Finish(size_t end) {
    looked_us_ = 0;
    Look(now_us_);
    if (has_call_) Close(end);
    return std::move(calls_);
  }

 private:
  struct Presence {
    int64_t last_us = 0;       // of any line
    int64_t signaling_us = 0;  // of a line of the process that has them
    size_t process = Processes::kNone;
  };

  void Open(const LogEntry& line, size_t index) {
    has_call_ = true;
    is_told_ = false;
    call_ = {.begin = index, .end = index, .told = {.from_us = line.time_us}};
    counted_.clear();
    gone_.clear();
    left_us_ = line.time_us;
  }

  void Close(size_t end) {
    call_.end = end;
    call_.told.participants = counted_.size();
    if (inside_.empty()) call_.told.to_us = counted_.empty() ? last_us_ : left_us_;
    if (is_told_ || !counted_.empty()) calls_.push_back(std::move(call_));
    has_call_ = false;
  }

  void Leave(const LogEntry& line) {
    if (line.participant.empty() || line.participant.size() > Line::kMaxIdBytes) return;
    if (counted_.size() < kMaxCounted) counted_.insert(line.participant);
    gone_.insert(line.participant);
    call_.vanished.erase(line.participant);
    inside_.erase(line.participant);
    left_us_ = line.time_us;
  }

  void Follow(const LogEntry& line) {
    if (line.participant.empty() || line.participant.size() > Line::kMaxIdBytes) return;
    const bool is_signaling = line.service == "signaling";
    auto found = inside_.find(line.participant);
    if (found == inside_.end()) {
      // What comes after the goodbye is its echo.
      const bool is_back =
          line.event == "participant.joined" || line.event == "participant.resumed";
      const bool comes = is_signaling && IsOneOf(line.event, kInside) &&
                         (is_back || !gone_.contains(line.participant));
      if (!comes || inside_.size() == kMaxInside) return;
      found = inside_.emplace(line.participant, Presence()).first;
      if (counted_.size() < kMaxCounted) counted_.insert(line.participant);
      call_.vanished.erase(line.participant);
    }
    found->second.last_us = line.time_us;
    if (!is_signaling) return;
    found->second.process = processes_.Of(line);
    found->second.signaling_us = line.time_us;
  }

  void Look(int64_t at_us) {
    if (inside_.empty() || at_us - looked_us_ < kLookUs) return;
    looked_us_ = at_us;
    for (auto at = inside_.begin(); at != inside_.end();) {
      const auto& [participant, presence] = *at;
      if (!HasVanished(presence, at_us)) {
        ++at;
        continue;
      }
      call_.vanished[participant] = presence.last_us;
      left_us_ = std::max(left_us_, presence.last_us);
      at = inside_.erase(at);
    }
  }

  bool HasVanished(const Presence& presence, int64_t at_us) const {
    if (at_us - presence.last_us < kVanishedUs) return false;
    return processes_.IsAnother(presence.process, presence.signaling_us, at_us) ||
           processes_.last_us(presence.process) < at_us - kVanishedUs;
  }

  const Processes& processes_;
  int64_t now_us_;
  std::vector<FoundCall> calls_;
  bool has_call_ = false;
  FoundCall call_;
  bool is_told_ = false;  // although nobody came inside
  std::map<std::string, Presence> inside_;
  std::set<std::string> counted_, gone_;  // of this call
  int64_t last_us_ = 0, left_us_ = 0, looked_us_ = 0;
};

}  // namespace

std::vector<FoundCall> FindCalls(std::span<const LogEntry* const> lines, const Processes& processes,
                                 int64_t now_us) {
  CallCutter cutter(processes, now_us);
  for (size_t i = 0; i < lines.size(); ++i) cutter.Take(*lines[i], i);
  return cutter.Finish(lines.size());
}

size_t CallAt(std::span<const FoundCall> calls, int64_t at_us) {
  size_t found = 0;
  for (size_t i = 0; i < calls.size() && calls[i].told.from_us <= at_us; ++i) found = i;
  return found;
}

}  // namespace confab::logs
