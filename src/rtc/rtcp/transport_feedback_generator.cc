#include "rtc/rtcp/transport_feedback_generator.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "rtc/rtcp/feedback_chunk.h"
#include "rtc/rtcp/rtcp_header.h"
#include "rtc/rtcp/transport_feedback.h"
#include "rtc/rtp/sequence_number.h"

namespace confab::rtc {
namespace {

// Unwrapped numbers begin one cycle up, so that they stay positive after early reordering.
constexpr int64_t kFirstCycle = 0x1'0000;
constexpr int64_t kDeltasPerReference = kFeedbackTimeUnit.us() / kFeedbackDeltaUnit.us();
constexpr size_t kMaxFill = 3;

int64_t FloorDivide(int64_t value, int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

int64_t DeltaTicks(Timestamp time) {
  return FloorDivide(time.us(), kFeedbackDeltaUnit.us());
}

// What one feedback packet is going to say: a symbol for each packet, a delta for each received
// one.
class Statuses {
 public:
  Statuses(int64_t reference, size_t room)
      : last_ticks_(reference * kDeltasPerReference), room_(room) {}

  size_t size() const { return size_; }
  std::span<const FeedbackSymbol> symbols() const { return std::span(symbols_).first(size_); }

  // False when no further packet fits.
  bool AddMissing() { return Add(FeedbackSymbol::kNotReceived); }
  // False also when the arrival is too far from the last one for a delta.
  bool AddReceived(Timestamp arrival) {
    const int64_t ticks = DeltaTicks(arrival);
    const int64_t delta = ticks - last_ticks_;
    const bool is_small = delta >= 0 && delta <= std::numeric_limits<uint8_t>::max();
    if (!is_small && (delta < std::numeric_limits<int16_t>::min() ||
                      delta > std::numeric_limits<int16_t>::max())) {
      return false;
    }
    if (!Add(is_small ? FeedbackSymbol::kSmallDelta : FeedbackSymbol::kLargeDelta)) return false;
    deltas_[size_ - 1] = static_cast<int16_t>(delta);
    last_ticks_ = ticks;
    return true;
  }

  // Chunks, deltas and zeros up to 32 bits.
  void Write(ByteWriter& writer) const {
    for (auto rest = symbols(); !rest.empty();) writer.U16(TakeChunk(rest));
    for (size_t i = 0; i < size_; ++i) {
      if (symbols_[i] == FeedbackSymbol::kSmallDelta) writer.U8(static_cast<uint8_t>(deltas_[i]));
      if (symbols_[i] == FeedbackSymbol::kLargeDelta) writer.U16(static_cast<uint16_t>(deltas_[i]));
    }
    writer.Zeros((4 - writer.size() % 4) % 4);
  }

 private:
  // Chunks are reckoned at their worst: 2 octets for 7 packets.
  bool Add(FeedbackSymbol symbol) {
    const size_t delta_octets = delta_octets_ + DeltaSize(symbol);
    const size_t chunk_octets = 2 * ((size_ + kTwoBitSymbols) / kTwoBitSymbols);
    if (size_ == symbols_.size() || delta_octets + chunk_octets > room_) return false;
    symbols_[size_++] = symbol;
    delta_octets_ = delta_octets;
    return true;
  }

  static constexpr size_t kMaxStatuses = TransportFeedbackGenerator::kHistory;

  int64_t last_ticks_;
  size_t room_;
  size_t size_ = 0;
  size_t delta_octets_ = 0;
  std::array<FeedbackSymbol, kMaxStatuses> symbols_;
  std::array<int16_t, kMaxStatuses> deltas_;
};

}  // namespace

void TransportFeedbackGenerator::OnPacket(uint16_t transport_sequence, Timestamp arrival) {
  if (!started_) Restart(transport_sequence);
  int64_t sequence = newest_ + SequenceDistance(static_cast<uint16_t>(newest_), transport_sequence);
  if (sequence - newest_ >= kHistory || newest_ - sequence >= kHistory) {
    Restart(transport_sequence);
    sequence = newest_;
  }
  if (Has(sequence)) return;
  SlotOf(sequence) = {.sequence = sequence, .arrival = arrival};
  newest_ = std::max(newest_, sequence);
  next_to_report_ = std::min(next_to_report_, sequence);
  if (waiting_++ == 0) first_waiting_ = arrival;
}

void TransportFeedbackGenerator::Restart(uint16_t transport_sequence) {
  slots_.fill(Slot());
  started_ = true;
  newest_ = next_to_report_ = kFirstCycle + transport_sequence;
  waiting_ = 0;
  draining_ = false;
}

Timestamp TransportFeedbackGenerator::NextTimeout() const {
  if (waiting_ == 0) return Timestamp::Never();
  if (waiting_ >= kManyPackets) return first_waiting_ + kMinInterval;
  return first_waiting_ + (waiting_ < kFewPackets ? kMaxInterval : kInterval);
}

// There is one: newest_ at the latest.
int64_t TransportFeedbackGenerator::FirstReceivedFrom(int64_t sequence) {
  while (!Has(sequence)) ++sequence;
  return sequence;
}

size_t TransportFeedbackGenerator::Write(Timestamp now, Ssrc sender, Ssrc media, MutableBytes out) {
  CHECK(out.size() >= kMinWriteSize);
  if (!draining_ && now < NextTimeout()) return 0;
  if (waiting_ == 0 || next_to_report_ > newest_) {
    waiting_ = 0;
    draining_ = false;
    return 0;
  }
  draining_ = true;
  const int64_t base = std::max(next_to_report_, newest_ - kHistory + 1);
  const int64_t reference =
      FloorDivide(SlotOf(FirstReceivedFrom(base)).arrival.us(), kFeedbackTimeUnit.us());
  constexpr size_t kOverhead = kRtcpHeaderSize + kTransportFeedbackPrefixSize + kMaxFill;
  Statuses statuses(reference, out.size() - kOverhead);
  int64_t next = base;
  while (next <= newest_ &&
         (Has(next) ? statuses.AddReceived(SlotOf(next).arrival) : statuses.AddMissing())) {
    ++next;
  }
  next_to_report_ = next;

  ByteWriter body(out.subspan(kRtcpHeaderSize));
  body.U32(sender.value());
  body.U32(media.value());
  body.U16(static_cast<uint16_t>(base));
  body.U16(static_cast<uint16_t>(statuses.size()));
  body.U24(static_cast<uint32_t>(reference) & 0xff'ffff);
  body.U8(feedback_count_++);
  statuses.Write(body);
  CHECK(body.ok());
  ByteWriter header(out.first(kRtcpHeaderSize));
  WriteRtcpHeader(header, RtcpType::kTransportFeedback,
                  static_cast<uint8_t>(TransportFeedbackFormat::kTransportCc), body.size());
  return kRtcpHeaderSize + body.size();
}

}  // namespace confab::rtc
