// Transport-cc feedback: whatever order and times packets come in, what the generator writes says
// when they came.

#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/support/input.h"
#include "rtc/rtcp/transport_feedback.h"
#include "rtc/rtcp/transport_feedback_generator.h"

namespace confab::rtc {
namespace {

// More than a generator can have to say at once: beyond, it does not come to an end.
constexpr size_t kMaxPacketsAtOnce = TransportFeedbackGenerator::kHistory;

class FeedbackRun {
 public:
  explicit FeedbackRun(fuzz::Input input) : input_(input) {}

  void Go() {
    while (!input_.empty()) {
      const uint8_t what = input_.U8();
      if (what < 0x10) {
        sequence_ = input_.U16();
      } else if (what < 0x20) {
        now_ = now_ + TimeDelta::Micros(int64_t{input_.U16()} * 250);
      } else if (what < 0x30) {
        Report();
      } else {
        // The low bits: how far the number moves, backwards too.
        sequence_ = static_cast<uint16_t>(sequence_ + static_cast<int8_t>(what - 0x40) / 8);
        now_ = now_ + TimeDelta::Micros(what * 100);
        generator_.OnPacket(sequence_, now_);
        NoteArrival();
      }
    }
    now_ = now_ + TransportFeedbackGenerator::kMaxInterval;
    Report();
  }

 private:
  void NoteArrival() {
    const auto [arrival, is_first] = arrivals_.try_emplace(sequence_, now_);
    if (!is_first) arrival->second.reset();
  }

  void Report() {
    std::array<uint8_t, 1200> buffer;
    const size_t room = TransportFeedbackGenerator::kMinWriteSize + input_.U8() * 4;
    const fuzz::ExactCopy out(BytesView(buffer).first(std::min(room, buffer.size())));
    for (size_t packets = 0;; ++packets) {
      CHECK(packets <= kMaxPacketsAtOnce);
      fuzz::ExactCopy copy(out.view());
      const size_t size = generator_.Write(now_, Ssrc(1), Ssrc(2), copy.bytes());
      if (size == 0) break;
      Read(copy.view().first(size));
    }
    CHECK(generator_.NextTimeout() > now_);
  }

  void Read(BytesView packet) {
    const auto block = TakeRtcpBlock(packet);
    CHECK(block && packet.empty());
    const auto feedback = TransportFeedback::Parse(*block);
    CHECK(feedback.has_value());
    feedback->ForEachStatus([&](const PacketStatus& status) {
      if (!status.arrival) return;
      const auto arrival = arrivals_.find(status.sequence_number);
      CHECK(arrival != arrivals_.end());
      if (!arrival->second) return;
      const TimeDelta said = feedback->reference_time() + *status.arrival;
      CHECK(TicksOf(said.us()) == TicksOf(arrival->second->us()));
    });
  }

  // Whole steps of feedback, rounded down, modulo those of the 24 bits of reference time.
  static uint32_t TicksOf(int64_t us) {
    static_assert(kFeedbackTimeUnit.us() == kFeedbackDeltaUnit.us() << 8);
    const int64_t step = kFeedbackDeltaUnit.us();
    return static_cast<uint32_t>(us / step - (us % step < 0 ? 1 : 0));
  }

  fuzz::Input input_;
  TransportFeedbackGenerator generator_;
  Timestamp now_ = Timestamp::Millis(1000);
  uint16_t sequence_ = 0;
  // By number; nullopt where it has repeated: which one is meant is the generator's choice.
  std::map<uint16_t, std::optional<Timestamp>> arrivals_;
};

}  // namespace

CONFAB_FUZZ_TARGET(transport_feedback) {
  FeedbackRun(fuzz::Input(input)).Go();
}

}  // namespace confab::rtc
