#include "rtc/rtcp/transport_feedback.h"

#include <algorithm>

#include "rtc/rtcp/feedback_chunk.h"

namespace confab::rtc {
namespace {

constexpr size_t kChunkSize = 2;

// Octets of delta that the first `count` statuses of a chunk need; nullopt for a reserved symbol.
std::optional<size_t> DeltaOctets(uint16_t chunk, uint16_t count) {
  if (IsRunLengthChunk(chunk)) {
    const FeedbackSymbol symbol = SymbolIn(chunk, 0);
    if (symbol == FeedbackSymbol::kReserved) return std::nullopt;
    return count * DeltaSize(symbol);
  }
  size_t octets = 0;
  for (uint16_t i = 0; i < count; ++i) {
    const FeedbackSymbol symbol = SymbolIn(chunk, i);
    if (symbol == FeedbackSymbol::kReserved) return std::nullopt;
    octets += DeltaSize(symbol);
  }
  return octets;
}

// Sets chunks and deltas. False when they do not cover status_count.
bool Cover(BytesView content, TransportFeedback& feedback) {
  size_t chunk_octets = 0;
  size_t delta_octets = 0;
  for (uint16_t left = feedback.status_count; left > 0;) {
    if (content.size() - chunk_octets < kChunkSize) return false;
    const uint16_t chunk = LoadU16(&content[chunk_octets]);
    chunk_octets += kChunkSize;
    const uint16_t count = std::min(left, StatusesIn(chunk));
    const std::optional<size_t> octets = DeltaOctets(chunk, count);
    if (!octets) return false;
    delta_octets += *octets;
    left = static_cast<uint16_t>(left - count);
  }
  if (content.size() - chunk_octets < delta_octets) return false;
  feedback.chunks = content.first(chunk_octets);
  feedback.deltas = content.subspan(chunk_octets, delta_octets);
  return true;
}

}  // namespace

std::optional<TransportFeedback> TransportFeedback::Parse(const RtcpBlock& block) {
  ByteReader reader(block.body);
  TransportFeedback feedback;
  feedback.sender = Ssrc(reader.U32());
  feedback.media = Ssrc(reader.U32());
  feedback.base_sequence_number = reader.U16();
  feedback.status_count = reader.U16();
  constexpr uint32_t kSign = 0x80'0000;
  feedback.reference_time_units =
      static_cast<int32_t>(reader.U24() ^ kSign) - static_cast<int32_t>(kSign);
  feedback.feedback_count = reader.U8();
  if (!reader.ok() || feedback.status_count == 0) return std::nullopt;
  if (!Cover(reader.Bytes(reader.remaining()), feedback)) return std::nullopt;
  return feedback;
}

TransportFeedbackReader::TransportFeedbackReader(const TransportFeedback& feedback)
    : chunks_(feedback.chunks),
      deltas_(feedback.deltas),
      sequence_(feedback.base_sequence_number) {}

PacketStatus TransportFeedbackReader::Next() {
  while (in_chunk_ == StatusesIn(chunk_)) {
    if (chunks_.empty()) return {};
    chunk_ = LoadU16(chunks_.data());
    chunks_ = chunks_.subspan(kChunkSize);
    in_chunk_ = 0;
  }
  PacketStatus status{.sequence_number = sequence_++};
  const FeedbackSymbol symbol = SymbolIn(chunk_, in_chunk_++);
  const size_t delta_size = DeltaSize(symbol);
  if (delta_size == 0 || deltas_.size() < delta_size) return status;
  const int64_t delta =
      delta_size == 1 ? deltas_[0] : static_cast<int16_t>(LoadU16(deltas_.data()));
  deltas_ = deltas_.subspan(delta_size);
  arrival_ += kFeedbackDeltaUnit * delta;
  status.arrival = arrival_;
  return status;
}

}  // namespace confab::rtc
