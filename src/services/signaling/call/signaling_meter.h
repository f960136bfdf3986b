#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bucket_counts.h"
#include "base/error.h"
#include "base/units.h"
#include "services/signaling/room/ids.h"

namespace confab::signaling {

// What somebody who joins waits for, one after another. The text form is a metric label.
enum class JoinStage : uint8_t {
  kReach,       // who is in the room at other instances
  kToken,       // the store takes the invitation
  kHome,        // the room's media instance
  kTransports,  // the media service makes them
  kConsumers,   // what others send is taken up
  kAll,         // the whole of the event
  kConnect,     // afterwards: from a transport's making to its media that may flow
  kCount,
};
inline constexpr size_t kJoinStages = static_cast<size_t>(JoinStage::kCount);
std::string_view ToString(JoinStage stage);

inline constexpr size_t kErrorCodes = static_cast<size_t>(ErrorCode::kInternal) + 1;
// By ErrorCode.
using CodeCounts = std::array<uint64_t, kErrorCodes>;

// What a signaling instance counts and times since its start, for its metrics. Names in it are the
// program's own, never a client's. On the io_context's thread; owned by the switchboard.
class SignalingMeter {
 public:
  // Transports whose connecting is waited for. Beyond, and after kConnectLimit, it is not timed.
  static constexpr size_t kMaxConnecting = 10'000;
  static constexpr TimeDelta kConnectLimit = TimeDelta::Seconds(60);

  void Took(JoinStage stage, TimeDelta time) { stages_[static_cast<size_t>(stage)].Observe(time); }
  void CountJoin() { ++joins_; }
  void CountFailedJoin(ErrorCode code) { ++failed_joins_[static_cast<size_t>(code)]; }
  void CountRefusal(ErrorCode code) { ++refusals_[static_cast<size_t>(code)]; }
  // An event of a client, by a name of the table.
  void CountReceived(std::string_view event) { ++received_[std::string(event)]; }
  void CountSent(std::string_view event) { ++sent_[std::string(event)]; }
  void CountAnswered(TimeDelta took) { answers_.Observe(took); }
  enum class Audience : uint8_t { kEverybody, kOne };
  void CountMessage(Audience audience) { ++messages_[static_cast<size_t>(audience)]; }
  void CountKept(TimeDelta took) { kept_.Observe(took); }
  // A transport was made; the media service will tell that it is connected.
  void ExpectConnect(const MediaId& transport, Timestamp now);
  void NoteConnected(const MediaId& transport, Timestamp now);

  const BucketCounts& stage(JoinStage stage) const { return stages_[static_cast<size_t>(stage)]; }
  uint64_t joins() const { return joins_; }
  const CodeCounts& failed_joins() const { return failed_joins_; }
  const CodeCounts& refusals() const { return refusals_; }
  const std::map<std::string, uint64_t>& received() const { return received_; }
  const std::map<std::string, uint64_t>& sent() const { return sent_; }
  const BucketCounts& answers() const { return answers_; }
  uint64_t messages(Audience audience) const { return messages_[static_cast<size_t>(audience)]; }
  const BucketCounts& kept() const { return kept_; }

 private:
  void ForgetOld(Timestamp now);

  // As many as there are stages.
  std::vector<BucketCounts> stages_{kJoinStages, BucketCounts(kCallTimes)};
  uint64_t joins_ = 0;
  CodeCounts failed_joins_{};
  CodeCounts refusals_{};
  std::map<std::string, uint64_t> received_;
  std::map<std::string, uint64_t> sent_;
  BucketCounts answers_{kCallTimes};
  std::array<uint64_t, 2> messages_{};
  BucketCounts kept_{kCallTimes};
  std::unordered_map<MediaId, Timestamp> connecting_;
  Timestamp forgotten_at_ = Timestamp::Past();
};

// What the stages of one join took, as far as it came. A value in its coroutine.
class StageTimes {
 public:
  void Add(JoinStage stage, TimeDelta time) {
    std::optional<TimeDelta>& sum = times_[static_cast<size_t>(stage)];
    sum = sum.value_or(TimeDelta()) + time;
  }
  // Nothing where the stage did not take place.
  std::optional<TimeDelta> of(JoinStage stage) const { return times_[static_cast<size_t>(stage)]; }

 private:
  std::array<std::optional<TimeDelta>, kJoinStages> times_{};
};

// Times the stages of one join, one after another. A value in its coroutine; `times` must outlive
// it.
class StageClock {
 public:
  StageClock(SignalingMeter& meter, StageTimes& times, Timestamp now)
      : meter_(meter), times_(times), begun_(now) {}

  void End(JoinStage stage, Timestamp now) {
    meter_.Took(stage, now - begun_);
    times_.Add(stage, now - begun_);
    begun_ = now;
  }

 private:
  SignalingMeter& meter_;
  StageTimes& times_;
  Timestamp begun_;
};

}  // namespace confab::signaling
