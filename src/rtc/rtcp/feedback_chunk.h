#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace confab::rtc {

// Two-bit packet status symbols of transport-cc feedback
// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1.1).
enum class FeedbackSymbol : uint8_t {
  kNotReceived = 0,
  kSmallDelta = 1,  // received; an unsigned 8-bit delta follows
  kLargeDelta = 2,  // received; a signed 16-bit delta follows
  kReserved = 3,
};

// Octets of receive delta that belong to a symbol.
constexpr size_t DeltaSize(FeedbackSymbol symbol) {
  switch (symbol) {
    case FeedbackSymbol::kSmallDelta: return 1;
    case FeedbackSymbol::kLargeDelta: return 2;
    case FeedbackSymbol::kNotReceived:
    case FeedbackSymbol::kReserved: return 0;
  }
  return 0;
}

// A 16-bit packet status chunk (§3.1.3, §3.1.4):
//
//  0                   1
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |0| S |       Run Length        |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |1|0|   14 one-bit symbols      |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |1|1|    7 two-bit symbols      |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
inline constexpr uint16_t kMaxRunLength = 0x1fff;
inline constexpr uint16_t kOneBitSymbols = 14;
inline constexpr uint16_t kTwoBitSymbols = 7;

constexpr bool IsRunLengthChunk(uint16_t chunk) {
  return (chunk & 0x8000) == 0;
}

// How many statuses a chunk holds; 0 for an empty run.
constexpr uint16_t StatusesIn(uint16_t chunk) {
  if (IsRunLengthChunk(chunk)) return chunk & kMaxRunLength;
  return (chunk & 0x4000) != 0 ? kTwoBitSymbols : kOneBitSymbols;
}

// The i-th status of a chunk, i < StatusesIn(chunk).
constexpr FeedbackSymbol SymbolIn(uint16_t chunk, uint16_t i) {
  if (IsRunLengthChunk(chunk)) return FeedbackSymbol(chunk >> 13 & 3);
  if ((chunk & 0x4000) != 0) return FeedbackSymbol(chunk >> (2 * (kTwoBitSymbols - 1 - i)) & 3);
  return FeedbackSymbol(chunk >> (kOneBitSymbols - 1 - i) & 1);
}

// Takes the symbols of the next chunk off the front of `symbols` (not empty) and returns it. Every
// chunk but the last covers at least 7.
uint16_t TakeChunk(std::span<const FeedbackSymbol>& symbols);

}  // namespace confab::rtc
