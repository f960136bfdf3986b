#include "rtc/rtcp/feedback_chunk.h"

#include <algorithm>

namespace confab::rtc {
namespace {

size_t RunLength(std::span<const FeedbackSymbol> symbols) {
  const size_t limit = std::min<size_t>(symbols.size(), kMaxRunLength);
  size_t run = 1;
  while (run < limit && symbols[run] == symbols[0]) ++run;
  return run;
}

// `bits` per symbol, missing ones at the end zero.
uint16_t Vector(std::span<const FeedbackSymbol> symbols, uint16_t capacity, int bits) {
  uint32_t chunk = bits == 2 ? 0b11 : 0b10;
  for (size_t i = 0; i < capacity; ++i) {
    chunk = chunk << bits | (i < symbols.size() ? static_cast<uint32_t>(symbols[i]) : 0);
  }
  return static_cast<uint16_t>(chunk);
}

}  // namespace

uint16_t TakeChunk(std::span<const FeedbackSymbol>& symbols) {
  const auto next14 = symbols.first(std::min<size_t>(symbols.size(), kOneBitSymbols));
  const bool fits_one_bit = std::ranges::none_of(
      next14, [](FeedbackSymbol symbol) { return symbol == FeedbackSymbol::kLargeDelta; });
  const size_t covered =
      fits_one_bit ? next14.size() : std::min<size_t>(symbols.size(), kTwoBitSymbols);
  const size_t run = RunLength(symbols);
  if (run >= covered) {
    const int symbol = static_cast<int>(symbols[0]);
    symbols = symbols.subspan(run);
    return static_cast<uint16_t>(symbol << 13 | static_cast<int>(run));
  }
  const uint16_t chunk = fits_one_bit ? Vector(next14, kOneBitSymbols, 1)
                                      : Vector(symbols.first(covered), kTwoBitSymbols, 2);
  symbols = symbols.subspan(covered);
  return chunk;
}

}  // namespace confab::rtc
