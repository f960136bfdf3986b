#include "rtc/rtcp/feedback_chunk.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"

namespace confab::rtc {
namespace {

using Symbols = std::vector<FeedbackSymbol>;

Symbols From(std::string_view text) {
  Symbols symbols;
  for (const char c : text) symbols.push_back(FeedbackSymbol(c - '0'));
  return symbols;
}

struct Taken {
  uint16_t chunk;
  size_t count;
  bool operator==(const Taken&) const = default;
};

Taken Take(const Symbols& symbols) {
  std::span<const FeedbackSymbol> rest = symbols;
  const uint16_t chunk = TakeChunk(rest);
  return {chunk, symbols.size() - rest.size()};
}

TEST(FeedbackChunk, ReadsTheExamplesOfTheDraft) {
  // §3.1.3: "packet not received" 221 times; "received, w/o recv delta" 24 times is reserved here.
  EXPECT_TRUE(IsRunLengthChunk(0b0000000011011101));
  EXPECT_EQ(StatusesIn(0b0000000011011101), 221);
  EXPECT_EQ(SymbolIn(0b0000000011011101, 0), FeedbackSymbol::kNotReceived);
  EXPECT_EQ(SymbolIn(0b0110000000011000, 0), FeedbackSymbol::kReserved);
  // §3.1.4: one-bit symbols 0 11111 000 111 00.
  constexpr uint16_t kOneBit = 0b1001111100011100;
  EXPECT_EQ(StatusesIn(kOneBit), 14);
  std::string one_bit;
  for (uint16_t i = 0; i < 14; ++i) {
    one_bit += static_cast<char>('0' + static_cast<int>(SymbolIn(kOneBit, i)));
  }
  EXPECT_EQ(one_bit, "01111100011100");
  // Two-bit symbols: 0, 3, 1 1 1, 0 0.
  constexpr uint16_t kTwoBit = 0b1100110101010000;
  EXPECT_EQ(StatusesIn(kTwoBit), 7);
  std::string two_bit;
  for (uint16_t i = 0; i < 7; ++i) {
    two_bit += static_cast<char>('0' + static_cast<int>(SymbolIn(kTwoBit, i)));
  }
  EXPECT_EQ(two_bit, "0311100");
}

TEST(FeedbackChunk, PicksTheFormThatCoversMost) {
  EXPECT_EQ(Take(From("11111111111111111111")), (Taken{0x2000 | 20, 20}));
  EXPECT_EQ(Take(From("01111100011100111")), (Taken{0b1001111100011100, 14}));
  EXPECT_EQ(Take(From("0211100111")), (Taken{0b1100100101010000, 7}));
  EXPECT_EQ(Take(From("2222222221")), (Taken{0x4000 | 9, 9}));
  EXPECT_EQ(Take(From("10")), (Taken{0b1010000000000000, 2}));
  EXPECT_EQ(Take(From("2")), (Taken{0x4000 | 1, 1}));
  EXPECT_EQ(Take(From("111111101")), (Taken{0b1011111110100000, 9}));
  EXPECT_EQ(Take(From("1111111122")), (Taken{0x2000 | 8, 8}));
}

TEST(FeedbackChunk, HoldsARunToItsLongestLength) {
  EXPECT_EQ(Take(Symbols(9000, FeedbackSymbol::kNotReceived)), (Taken{kMaxRunLength, 8191}));
}

TEST(FeedbackChunk, RoundTripsRandomSymbolsAndCoversSevenAtLeast) {
  Prng random(6);
  for (int i = 0; i < 2'000; ++i) {
    Symbols symbols;
    const uint64_t kinds = random.Below(3) + 1;
    while (symbols.size() < random.Below(200) + 1) {
      symbols.insert(symbols.end(), random.Below(12) + 1, FeedbackSymbol(random.Below(kinds)));
    }
    Symbols read;
    for (std::span<const FeedbackSymbol> rest = symbols; !rest.empty();) {
      const size_t before = rest.size();
      const uint16_t chunk = TakeChunk(rest);
      const size_t taken = before - rest.size();
      ASSERT_TRUE(taken >= 7 || rest.empty());
      ASSERT_LE(taken, StatusesIn(chunk));
      for (uint16_t k = 0; k < taken; ++k) read.push_back(SymbolIn(chunk, k));
    }
    ASSERT_EQ(read, symbols);
  }
}

}  // namespace
}  // namespace confab::rtc
