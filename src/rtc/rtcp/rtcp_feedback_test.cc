#include <gtest/gtest.h>

#include <set>

#include "rtc/rtcp/fir.h"
#include "rtc/rtcp/nack.h"
#include "rtc/rtcp/pli.h"
#include "rtc/rtcp/remb.h"
#include "rtc/rtcp/rtcp_test_support.h"

namespace confab::rtc {
namespace {

struct NackPacket {
  ByteVector bytes;
  size_t taken = 0;
};

NackPacket MakeNack(std::span<const uint16_t> sequences) {
  NackPacket packet{.bytes = ByteVector(1000)};
  ByteWriter writer(packet.bytes);
  packet.taken = WriteNack(writer, Ssrc(1), Ssrc(2), sequences);
  EXPECT_TRUE(writer.ok());
  packet.bytes.resize(writer.size());
  return packet;
}

std::vector<uint16_t> Sequences(const Nack& nack) {
  std::vector<uint16_t> sequences;
  nack.ForEachSequence([&sequences](uint16_t sequence) { sequences.push_back(sequence); });
  return sequences;
}

TEST(Nack, PacksNeighboursIntoOneItem) {
  const std::vector<uint16_t> sequences = {100, 101, 116, 117};
  const NackPacket packet = MakeNack(sequences);
  EXPECT_EQ(packet.bytes, Hex("81cd0004 00000001 00000002 00648001 00750000"));
  const auto nack = Parsed<Nack>(packet.bytes);
  ASSERT_TRUE(nack);
  EXPECT_EQ(nack->sender, Ssrc(1));
  EXPECT_EQ(nack->media, Ssrc(2));
  EXPECT_EQ(Sequences(*nack), sequences);
}

TEST(Nack, GoesThroughTheWrap) {
  const std::vector<uint16_t> sequences = {65530, 65535, 0, 3, 10};
  const NackPacket packet = MakeNack(sequences);
  EXPECT_EQ(packet.bytes.size(), 16u) << "one item";
  EXPECT_EQ(Sequences(*Parsed<Nack>(packet.bytes)), sequences);
}

TEST(Nack, TakesAsManyAsOnePacketHoldsAndLeavesTheRest) {
  std::vector<uint16_t> sequences;
  for (int i = 0; i < 100; ++i) sequences.push_back(static_cast<uint16_t>(i * 20));
  const NackPacket packet = MakeNack(sequences);
  EXPECT_EQ(packet.taken, kMaxNackItems);
  EXPECT_EQ(Sequences(*Parsed<Nack>(packet.bytes)).size(), kMaxNackItems);
}

TEST(Nack, WritesNothingForAnEmptyList) {
  const NackPacket packet = MakeNack({});
  EXPECT_EQ(packet.taken, 0u);
  EXPECT_TRUE(packet.bytes.empty());
}

TEST(Nack, RoundTripsRandomSets) {
  Prng random(4);
  for (int i = 0; i < 500; ++i) {
    std::set<uint32_t> numbers;
    const uint32_t base = random.U32() & 0xffff;
    for (uint64_t k = random.Below(60) + 1; k > 0; --k) {
      numbers.insert(base + static_cast<uint32_t>(random.Below(300)));
    }
    const std::vector<uint16_t> sequences(numbers.begin(), numbers.end());
    const NackPacket packet = MakeNack(sequences);
    ASSERT_EQ(packet.taken, sequences.size());
    ASSERT_EQ(Sequences(*Parsed<Nack>(packet.bytes)), sequences);
  }
}

TEST(Nack, RefusesAPacketWithoutItems) {
  EXPECT_FALSE(Parsed<Nack>(Hex("81cd0002 00000001 00000002")));
  ExpectParserStaysInBounds<Nack>(Hex("81cd0004 00000001 00000002 00648001 00750000"), 1);
}

TEST(Pli, RoundTrips) {
  const Pli pli{.sender = Ssrc(1), .media = Ssrc(2)};
  EXPECT_EQ(Written(pli), Hex("81ce0002 00000001 00000002"));
  EXPECT_EQ(Parsed<Pli>(Written(pli)), pli);
  ExpectParserStaysInBounds<Pli>(Written(pli), 1);
}

TEST(Fir, RoundTripsItsEntries) {
  const Fir fir{.sender = Ssrc(1), .entries = {{Ssrc(5), 7}, {Ssrc(6), 255}}};
  const ByteVector packet = Written(fir);
  EXPECT_EQ(packet, Hex("84ce0006 00000001 00000000 00000005 07000000 00000006 ff000000"));
  const auto parsed = Parsed<Fir>(packet);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->entries, fir.entries);
  EXPECT_FALSE(Parsed<Fir>(Hex("84ce0002 00000001 00000000"))) << "at least one entry";
  ExpectParserStaysInBounds<Fir>(packet, 4);
}

TEST(Fir, KeepsTheFirstEntriesOfALongPacket) {
  ByteVector body(kFeedbackPrefixSize + 100 * Fir::kEntrySize);
  const auto fir = Fir::Parse({.count_or_format = 4, .body = body});
  ASSERT_TRUE(fir);
  EXPECT_EQ(fir->entries.size(), Fir::kMaxEntries);
}

TEST(Remb, RoundTripsRatesOf18Bits) {
  const Remb remb{.sender = Ssrc(1),
                  .bitrate = DataRate::BitsPerSecond(0x2'0000LL << 8),
                  .ssrcs = {Ssrc(2), Ssrc(3)}};
  const ByteVector packet = Written(remb);
  EXPECT_EQ(packet, Hex("8fce0006 00000001 00000000 52454d42 02220000 00000002 00000003"));
  const auto parsed = Parsed<Remb>(packet);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->bitrate, remb.bitrate);
  EXPECT_EQ(parsed->ssrcs, remb.ssrcs);
  ExpectParserStaysInBounds<Remb>(packet, 15);
}

TEST(Remb, RoundsDownAndHoldsAtWhatARateCanCarry) {
  for (const int64_t bps : {int64_t{0}, int64_t{1}, int64_t{262'143}, int64_t{2'500'001},
                            int64_t{9'223'372'036'854'775'807}}) {
    const auto parsed = Parsed<Remb>(Written(Remb{.bitrate = DataRate::BitsPerSecond(bps)}));
    ASSERT_TRUE(parsed);
    EXPECT_LE(parsed->bitrate.bps(), bps);
    EXPECT_GE(parsed->bitrate.bps(), bps - bps / 100'000);
  }
  const auto largest = Parsed<Remb>(Hex("8fce0004 00000001 00000000 52454d42 00ffffff"));
  EXPECT_EQ(largest->bitrate.bps(), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(Parsed<Remb>(Hex("8fce0004 00000001 00000000 52454d42 00fc0000"))->bitrate.bps(), 0);
}

TEST(Remb, RefusesAnotherIdentifierAndMissingSsrcs) {
  EXPECT_FALSE(Parsed<Remb>(Hex("8fce0004 00000001 00000000 52454d43 00000001")));
  EXPECT_FALSE(Parsed<Remb>(Hex("8fce0005 00000001 00000000 52454d42 02000001 00000002")));
}

}  // namespace
}  // namespace confab::rtc
