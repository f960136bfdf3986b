#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "services/logs/story/outages.h"
#include "services/logs/story/story.h"
#include "services/logs/story/times.h"

namespace confab::logs {

// What can be wrong with a call; docs/logs-viewer.md has the list. The strongest are first: what
// follows from one is not told again as another.
enum class Cause : uint8_t {
  kMediaLost,
  kBusLost,
  kStoreLost,
  kTokenExpired,
  kTokenRefused,
  kAnnouncedAddress,
  kUdpBlocked,
  kNothingArrives,
  kJoinFailed,
  kConnectionLost,
  kLoss,
  kRoundTrip,
  kFreezes,
  kProducerMuted,
  kClientFailed,
};
inline constexpr size_t kCauseCount = static_cast<size_t>(Cause::kClientFailed) + 1;
// "media_lost".
std::string_view ToString(Cause cause);

enum class Severity : uint8_t { kError, kWarning, kNote };
std::string_view ToString(Severity severity);

struct Finding {
  static constexpr size_t kMaxLines = 20;

  Cause cause = Cause::kClientFailed;
  Severity severity = Severity::kWarning;
  std::string participant, instance;  // "": of all, or of none
  TimeSpan time;
  std::string sentence;  // what is wrong
  std::string advice;    // what to do
  std::vector<std::string> lines;
};

// What has been found so far. A value.
class Findings {
 public:
  static constexpr size_t kMaxFindings = 500;  // beyond: counted

  void Add(Finding finding);
  // Whether one of these causes is there for the participant, or for all, in that time. "": for
  // anybody.
  bool Has(std::initializer_list<Cause> causes, std::string_view participant,
           const TimeSpan& time) const;
  // The same of an instance.
  const Finding* Of(Cause cause, std::string_view instance) const;

  // What had no end yet ended with the call.
  void EndWith(int64_t end_us);
  // Errors first, each kind in the order of time.
  std::vector<Finding> Take();
  size_t left_out() const { return left_out_; }

 private:
  std::vector<Finding> findings_;
  size_t left_out_ = 0;
};

// What the rules look at. All must outlive it.
struct Scene {
  const Story& story;
  const std::vector<Outage>& outages;
  int64_t now_us = 0;
};

// What is wrong with a call; nothing for a healthy one.
Findings Explain(const Scene& scene);

}  // namespace confab::logs
