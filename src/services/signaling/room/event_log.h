#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/signaling/protocol/json.h"

namespace confab::signaling {

struct LoggedEvent {
  uint64_t seq = 0;
  std::string name;
  json::object payload;  // with `seq`
};

// The numbered events of one participant, the last kCapacity of them kept for `resume`.
class EventLog {
 public:
  static constexpr size_t kCapacity = 256;

  // Numbers the event, keeps it and returns it; valid until the next call.
  const LoggedEvent& Append(std::string_view name, const json::object& payload);
  // The next event is the one after `seq`. What was before is not known, whoever has seen up to
  // `seq` may have missed some of it: nothing is Since until NumberState.
  void StartAfter(uint64_t seq) {
    events_.clear();
    last_seq_ = seq;
    needs_state_ = true;
  }
  // The next number, for a snapshot of everything. It is not kept: who has not got it needs
  // another.
  uint64_t NumberState() {
    events_.clear();
    needs_state_ = false;
    return ++last_seq_;
  }
  // 0 before the first event.
  uint64_t last_seq() const { return last_seq_; }
  // What came after `seq`, oldest first; nothing where that is not (or not any more) known.
  std::optional<std::vector<const LoggedEvent*>> Since(uint64_t seq) const;
  // All that are kept, oldest first.
  const std::deque<LoggedEvent>& events() const { return events_; }

 private:
  std::deque<LoggedEvent> events_;
  uint64_t last_seq_ = 0;
  bool needs_state_ = false;
};

}  // namespace confab::signaling
