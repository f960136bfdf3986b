#include "net/packet_framing.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace confab::net {
namespace {

constexpr size_t kMaxFramed = 100;

using Bytes = std::vector<uint8_t>;

Bytes Packet(size_t size, uint8_t first = 1) {
  Bytes packet(size);
  std::iota(packet.begin(), packet.end(), first);
  return packet;
}

void Append(Bytes& stream, BytesView packet) {
  uint8_t prefix[kFramePrefixSize];
  WriteFramePrefix(prefix, packet.size());
  stream.insert(stream.end(), prefix, prefix + kFramePrefixSize);
  stream.insert(stream.end(), packet.begin(), packet.end());
}

void ReadAll(FrameReader& reader, BytesView stream, std::vector<Bytes>& out) {
  while (const auto packet = reader.Next(stream)) out.emplace_back(packet->begin(), packet->end());
  EXPECT_TRUE(stream.empty());
}

TEST(PacketFraming, WritesTheLengthInNetworkOrder) {
  uint8_t prefix[kFramePrefixSize];
  WriteFramePrefix(prefix, 0x0102);
  EXPECT_EQ(prefix[0], 1);
  EXPECT_EQ(prefix[1], 2);
}

TEST(FrameReader, FindsThePacketsWhereverTheStreamIsCutInThree) {
  const std::vector<Bytes> packets = {Packet(5), Packet(kMaxFramed, 50), Packet(1, 200)};
  Bytes stream;
  Append(stream, packets[0]);
  Append(stream, {});
  Append(stream, Packet(kMaxFramed + 1));
  Append(stream, packets[1]);
  Append(stream, packets[2]);
  const BytesView whole(stream);
  for (size_t first = 0; first <= whole.size(); ++first) {
    for (size_t second = first; second <= whole.size(); ++second) {
      FrameReader reader(kMaxFramed);
      std::vector<Bytes> read;
      ReadAll(reader, whole.first(first), read);
      ReadAll(reader, whole.subspan(first, second - first), read);
      ReadAll(reader, whole.subspan(second), read);
      ASSERT_EQ(read, packets) << "cut at " << first << " and " << second;
      ASSERT_EQ(reader.oversized(), 1u);
    }
  }
}

TEST(FrameReader, FindsThePacketsOctetByOctet) {
  Bytes stream;
  for (size_t size = 0; size <= kMaxFramed; ++size) Append(stream, Packet(size));
  FrameReader reader(kMaxFramed);
  std::vector<Bytes> read;
  for (const uint8_t& octet : stream) ReadAll(reader, {&octet, 1}, read);
  ASSERT_EQ(read.size(), kMaxFramed) << "all but the null packet";
  for (size_t i = 0; i < read.size(); ++i) EXPECT_EQ(read[i], Packet(i + 1));
}

TEST(FrameReader, PassesOverTheLongestPacketThereIs) {
  Bytes stream;
  Append(stream, Bytes(kMaxFramedPacket, 7));
  Append(stream, Packet(3));
  FrameReader reader(kMaxFramed);
  std::vector<Bytes> read;
  ReadAll(reader, BytesView(stream).first(1000), read);
  ReadAll(reader, BytesView(stream).subspan(1000), read);
  EXPECT_EQ(read, (std::vector<Bytes>{Packet(3)}));
  EXPECT_EQ(reader.oversized(), 1u);
}

TEST(FrameReader, KeepsAPacketUntilTheNextCall) {
  Bytes stream;
  Append(stream, Packet(4));
  FrameReader reader(kMaxFramed);
  BytesView half = BytesView(stream).first(3);
  EXPECT_FALSE(reader.Next(half));
  Bytes rest(stream.begin() + 3, stream.end());
  BytesView view(rest);
  const auto packet = reader.Next(view);
  ASSERT_TRUE(packet);
  std::ranges::fill(rest, uint8_t{0});
  EXPECT_EQ(Bytes(packet->begin(), packet->end()), Packet(4));
}

// A Binding request without attributes (RFC 8489 §5), framed.
const Bytes kRequest = {0, 20, 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 9, 9, 9, 9};

TEST(FramedOpening, IsUndecidedUntilTheCookieIsThere) {
  for (size_t size = 0; size < kOpeningSize; ++size) {
    EXPECT_EQ(ReadFramedOpening(BytesView(kRequest).first(size)), FramedOpening::kUndecided);
  }
  EXPECT_EQ(ReadFramedOpening(BytesView(kRequest).first(kOpeningSize)), FramedOpening::kStun);
  EXPECT_EQ(ReadFramedOpening(kRequest), FramedOpening::kStun);
}

TEST(FramedOpening, KnowsStrangersByTheirFirstWrongOctet) {
  for (const std::string_view text :
       {"GET / HTTP/1.1\r\n", "\x16\x03\x01\x02", "SSH-2.0", "PRI * HTTP/2.0", "\xff\xff\xff"}) {
    EXPECT_EQ(ReadFramedOpening(AsBytes(text.substr(0, 1))), FramedOpening::kOther) << text;
  }
  struct Case {
    size_t at;
    uint8_t value;
  };
  for (const Case& wrong : {Case{0, 6}, Case{1, 19}, Case{1, 22}, Case{2, 4}, Case{2, 0x16},
                            Case{6, 0}, Case{7, 0}, Case{8, 0}, Case{9, 0}}) {
    Bytes bytes = kRequest;
    bytes[wrong.at] = wrong.value;
    EXPECT_EQ(ReadFramedOpening(BytesView(bytes).first(std::max<size_t>(wrong.at + 1, 2))),
              FramedOpening::kOther)
        << "octet " << wrong.at;
  }
}

}  // namespace
}  // namespace confab::net
