// What comes that is not a handshake: garbage, cut and changed records, fragments, closing.
#include <gtest/gtest.h>

#include "base/random.h"
#include "rtc/demux.h"
#include "rtc/dtls/dtls_test_link.h"

namespace confab::rtc {
namespace {

TestDatagram ClientHello(DtlsLink& link) {
  link.TrustEachOther();
  link.StartClient();
  auto datagrams = link.client.Take();
  EXPECT_EQ(datagrams.size(), 1u);
  return datagrams.at(0);
}

// The one handshake message in `record` as fragments of at most `size` octets, a datagram each
// (RFC 6347 §4.1 record header: 13 octets, §4.2.2 handshake header: 12).
std::vector<TestDatagram> Fragments(const TestDatagram& record, size_t size) {
  constexpr size_t kRecordHeader = 13;
  constexpr size_t kFirstSequence = 20;  // not one that the client will use for its next flight
  constexpr size_t kMessageHeader = 12;
  const BytesView header = BytesView(record).first(kRecordHeader);
  const BytesView message = BytesView(record).subspan(kRecordHeader);
  const BytesView body = message.subspan(kMessageHeader);
  std::vector<TestDatagram> fragments;
  for (size_t at = 0; at < body.size(); at += size) {
    const size_t length = std::min(size, body.size() - at);
    TestDatagram datagram(kRecordHeader + kMessageHeader + length);
    ByteWriter writer(datagram);
    writer.Bytes(header.first(11));
    writer.U16(static_cast<uint16_t>(kMessageHeader + length));
    writer.Bytes(message.first(6));
    writer.U24(static_cast<uint32_t>(at));
    writer.U24(static_cast<uint32_t>(length));
    writer.Bytes(body.subspan(at, length));
    StoreU16(&datagram[9], static_cast<uint16_t>(kFirstSequence + fragments.size()));
    fragments.push_back(std::move(datagram));
  }
  return fragments;
}

TEST(DtlsRecords, AcceptAClientHelloInTwoDatagramsAndInManyInAnyOrder) {
  for (const size_t size : {size_t{100}, size_t{16}}) {
    for (const bool reversed : {false, true}) {
      DtlsLink link;
      auto fragments = Fragments(ClientHello(link), size);
      ASSERT_GE(fragments.size(), 2u);
      if (reversed) std::ranges::reverse(fragments);
      for (const auto& fragment : fragments) {
        EXPECT_TRUE(link.server.sink.empty());
        link.Give(link.server, fragment);
      }
      EXPECT_FALSE(link.server.sink.empty()) << size << reversed;
      link.Carry();
      EXPECT_TRUE(link.BothConnected()) << size << reversed;
    }
  }
}

TEST(DtlsRecords, IgnoreEveryTruncationOfAClientHello) {
  DtlsLink link;
  const TestDatagram hello = ClientHello(link);
  for (size_t size = 0; size < hello.size(); ++size) {
    const TestDatagram cut(hello.begin(), hello.begin() + static_cast<long>(size));
    link.Give(link.server, cut);
    ASSERT_TRUE(link.server.sink.empty()) << size;
    ASSERT_NE(link.server.transport.state(), DtlsState::kFailed) << size;
  }
  link.Give(link.server, hello);
  link.Carry();
  EXPECT_TRUE(link.BothConnected());
}

TEST(DtlsRecords, IgnoreGarbageBetweenTheFlights) {
  Prng random(5764);
  DtlsLink link;
  link.fate = [&random](size_t, TestDatagram datagram) {
    std::vector<TestDatagram> given;
    for (int i = 0; i < 20; ++i) {
      TestDatagram garbage(1 + random.Below(1300));
      random.Fill(garbage);
      garbage[0] = static_cast<uint8_t>(20 + random.Below(44));
      if (garbage.size() > 1) garbage[1] = 0;  // never a DTLS version
      given.push_back(std::move(garbage));
    }
    given.push_back(std::move(datagram));
    return given;
  };
  link.Connect();
  EXPECT_TRUE(link.BothConnected());
  ExpectKeysAgree(link);
}

TEST(DtlsRecords, NeverCrashOnOrConnectByChangedDatagrams) {
  Prng random(20);
  for (int round = 0; round < 300; ++round) {
    DtlsLink link;
    link.fate = [&random](size_t, TestDatagram datagram) {
      for (int change = 0; change < 2; ++change) {
        datagram[random.Below(datagram.size())] = static_cast<uint8_t>(random.Next());
      }
      return std::vector<TestDatagram>{std::move(datagram)};
    };
    link.Connect();
    if (link.BothConnected()) ExpectKeysAgree(link);
  }
}

TEST(DtlsRecords, IgnoreGarbageAfterTheHandshake) {
  Prng random(63);
  for (const auto after : {DtlsAfterHandshake::kFree, DtlsAfterHandshake::kKeep}) {
    DtlsLink link({.after_handshake = after}, {.after_handshake = after});
    link.Connect();
    for (int i = 0; i < 200; ++i) {
      TestDatagram garbage(random.Below(200));
      random.Fill(garbage);
      link.Give(link.server, garbage);
      link.Give(link.client, garbage);
    }
    EXPECT_TRUE(link.BothConnected());
  }
}

TEST(DtlsRecords, AreAllOfTheDtlsRange) {
  DtlsLink link;
  link.fate = [](size_t, TestDatagram datagram) {
    EXPECT_EQ(ClassifyDatagram(datagram), DatagramKind::kDtls);
    return std::vector<TestDatagram>{std::move(datagram)};
  };
  link.Connect();
}

TEST(DtlsClose, TellsThePeerWhereTheSslObjectIsKept) {
  const DtlsOptions keep{.after_handshake = DtlsAfterHandshake::kKeep};
  DtlsLink link(keep, keep);
  link.Connect();
  link.client.Note(link.client.transport.Close(link.client.sink));
  EXPECT_EQ(link.client.transport.state(), DtlsState::kClosed);
  EXPECT_EQ(link.client.transport.reason(), DtlsReason::kClosedByUs);
  link.Carry();
  EXPECT_EQ(link.server.transport.state(), DtlsState::kClosed);
  EXPECT_EQ(link.server.transport.reason(), DtlsReason::kClosedByPeer);
  EXPECT_EQ(link.server.events, (std::vector{DtlsEvent::kConnected, DtlsEvent::kClosed}));
}

TEST(DtlsClose, IsSilentWhereTheSslObjectIsFreed) {
  DtlsLink link;
  link.Connect();
  link.server.Note(link.server.transport.Close(link.server.sink));
  EXPECT_TRUE(link.server.sink.empty());
  EXPECT_EQ(link.server.transport.state(), DtlsState::kClosed);
  EXPECT_TRUE(link.server.transport.NextTimeout().is_never());
}

TEST(DtlsClose, EndsEveryState) {
  DtlsLink link;
  EXPECT_EQ(link.server.transport.Close(link.server.sink), DtlsEvent::kClosed);
  EXPECT_EQ(link.server.transport.Close(link.server.sink), DtlsEvent::kNone);
  link.TrustEachOther();
  link.StartClient();
  link.Carry();
  EXPECT_EQ(link.server.transport.state(), DtlsState::kClosed);
  EXPECT_GT(link.server.transport.dropped(), 0u);
  EXPECT_EQ(link.client.transport.Close(link.client.sink), DtlsEvent::kClosed);
  EXPECT_EQ(link.client.transport.state(), DtlsState::kClosed);
  EXPECT_TRUE(link.client.transport.NextTimeout().is_never());
}

}  // namespace
}  // namespace confab::rtc
