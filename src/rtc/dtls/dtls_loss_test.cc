// Lost, repeated and reordered datagrams; all on a clock of the test's own.
#include <gtest/gtest.h>

#include <map>

#include "base/random.h"
#include "rtc/dtls/dtls_test_link.h"

namespace confab::rtc {
namespace {

std::vector<TestDatagram> Same(TestDatagram datagram) {
  return {std::move(datagram)};
}

// Datagrams of a handshake without loss.
size_t CountDatagrams() {
  DtlsLink link;
  link.Connect();
  return link.carried;
}

TEST(DtlsLoss, RepeatsTheFirstFlightWhenItsTimerIsDue) {
  DtlsLink link;
  link.TrustEachOther();
  link.StartClient();
  const auto hello = link.client.Take();
  ASSERT_EQ(hello.size(), 1u);
  EXPECT_EQ(link.client.transport.NextTimeout(), link.now + DtlsTransport::kFirstRetransmission);
  link.client.Note(link.client.transport.HandleTimeout(
      link.now + DtlsTransport::kFirstRetransmission - TimeDelta::Micros(1), link.client.sink));
  EXPECT_TRUE(link.client.sink.empty());
  link.now = link.client.transport.NextTimeout();
  link.client.Note(link.client.transport.HandleTimeout(link.now, link.client.sink));
  EXPECT_EQ(link.client.transport.NextTimeout(),
            link.now + DtlsTransport::kFirstRetransmission * 2);
  link.Carry();
  EXPECT_TRUE(link.BothConnected());
}

TEST(DtlsLoss, ConnectsWhicheverDatagramIsLost) {
  const size_t count = CountDatagrams();
  ASSERT_GE(count, 4u);
  for (size_t lost = 0; lost < count; ++lost) {
    DtlsLink link;
    link.fate = [lost](size_t number, TestDatagram datagram) {
      return number == lost ? std::vector<TestDatagram>{} : Same(std::move(datagram));
    };
    link.Connect();
    EXPECT_TRUE(link.BothConnected()) << lost;
    ExpectKeysAgree(link);
  }
}

TEST(DtlsLoss, ConnectsThroughHeavyRandomLossInSmallDatagrams) {
  Prng random(6347);
  for (int round = 0; round < 20; ++round) {
    DtlsLink link({.mtu = 256}, {.mtu = 400});
    link.fate = [&random](size_t, TestDatagram datagram) {
      return random.Uniform() < 0.3 ? std::vector<TestDatagram>{} : Same(std::move(datagram));
    };
    link.Connect();
    EXPECT_TRUE(link.BothConnected()) << round;
  }
}

TEST(DtlsLoss, ConnectsWhenEveryDatagramComesTwiceAndOld) {
  DtlsLink link;
  std::map<const DtlsEnd*, TestDatagram> previous;
  link.fate = [&](size_t, TestDatagram datagram) {
    TestDatagram& old = previous[link.receiver];
    std::vector<TestDatagram> given;
    if (!old.empty()) given.push_back(old);
    given.push_back(datagram);
    given.push_back(datagram);
    old = std::move(datagram);
    return given;
  };
  link.Connect();
  EXPECT_TRUE(link.BothConnected());
  ExpectKeysAgree(link);
}

TEST(DtlsLoss, ConnectsWhenDatagramsSwapPlaces) {
  DtlsLink link({.mtu = 256}, {.mtu = 256});
  std::map<const DtlsEnd*, TestDatagram> held;
  link.fate = [&](size_t, TestDatagram datagram) {
    TestDatagram& waiting = held[link.receiver];
    if (waiting.empty()) {
      waiting = std::move(datagram);
      return std::vector<TestDatagram>{};
    }
    return std::vector<TestDatagram>{std::move(datagram), std::exchange(waiting, {})};
  };
  link.Connect();
  EXPECT_TRUE(link.BothConnected());
  ExpectKeysAgree(link);
}

TEST(DtlsLoss, GivesUpAfterTheHandshakeTimeout) {
  DtlsLink link;
  size_t sent = 0;
  link.fate = [&sent](size_t, TestDatagram) {
    ++sent;
    return std::vector<TestDatagram>{};
  };
  const Timestamp start = link.now;
  link.TrustEachOther();
  link.StartClient();
  link.RunUntil([&] { return link.client.transport.state() == DtlsState::kFailed; });
  EXPECT_EQ(link.client.transport.reason(), DtlsReason::kTimeout);
  EXPECT_EQ(link.now - start, DtlsTransport::kHandshakeTimeout);
  EXPECT_LT(sent, 20u);  // the timer backs off
  EXPECT_GT(sent, 5u);
  EXPECT_TRUE(link.client.transport.NextTimeout().is_never());
}

// A link whose server is connected while its last flight was lost.
struct LastFlightLost : DtlsLink {
  LastFlightLost() {
    fate = [this](size_t, TestDatagram datagram) {
      const bool to_client = server.transport.state() == DtlsState::kConnected && lossy;
      return to_client ? std::vector<TestDatagram>{} : Same(std::move(datagram));
    };
    TrustEachOther();
    StartClient();
    Carry();
    lossy = false;
  }
  bool lossy = true;
};

TEST(DtlsLoss, AnswersARepeatedFinishedAfterTheSslObjectIsFreed) {
  LastFlightLost link;
  ASSERT_EQ(link.server.transport.state(), DtlsState::kConnected);
  ASSERT_EQ(link.client.transport.state(), DtlsState::kConnecting);
  link.RunUntil([&] { return link.BothConnected(); }, TimeDelta::Seconds(1));
  EXPECT_TRUE(link.BothConnected());
  ExpectKeysAgree(link);
}

TEST(DtlsLoss, AnswersARepeatedFlightOfSeveralDatagramsOnce) {
  LastFlightLost link;
  link.now = link.client.transport.NextTimeout();
  link.client.Note(link.client.transport.HandleTimeout(link.now, link.client.sink));
  const auto repeated = link.client.Take();
  for (const auto& datagram : repeated) link.Give(link.server, datagram);
  for (const auto& datagram : repeated) link.Give(link.server, datagram);
  EXPECT_EQ(link.server.sink.datagrams().size(), 1u);
}

TEST(DtlsLoss, HasNoAnswerOnceTheHandshakeIsReleased) {
  LastFlightLost link;
  EXPECT_FALSE(link.server.transport.NextTimeout().is_never());
  link.server.transport.ReleaseHandshake();
  EXPECT_TRUE(link.server.transport.NextTimeout().is_never());
  link.RunUntil([&] { return link.BothConnected(); }, TimeDelta::Seconds(5));
  EXPECT_EQ(link.client.transport.state(), DtlsState::kConnecting);
}

TEST(DtlsLoss, ForgetsTheLastFlightAfterItsLifetime) {
  DtlsLink link;
  link.Connect();
  const Timestamp end = link.server.transport.NextTimeout();
  EXPECT_EQ(end, link.now + DtlsTransport::kLastFlightLifetime);
  EXPECT_TRUE(link.client.transport.NextTimeout().is_never());
  link.server.Note(link.server.transport.HandleTimeout(end, link.server.sink));
  EXPECT_EQ(link.server.transport.state(), DtlsState::kConnected);
  EXPECT_TRUE(link.server.transport.NextTimeout().is_never());
}

TEST(DtlsLoss, LetsOpenSslAnswerRepetitionsWhereItIsKept) {
  DtlsLink link({}, {.after_handshake = DtlsAfterHandshake::kKeep});
  bool lossy = true;
  link.fate = [&](size_t, TestDatagram datagram) {
    const bool lose = lossy && link.server.transport.state() == DtlsState::kConnected;
    return lose ? std::vector<TestDatagram>{} : Same(std::move(datagram));
  };
  link.TrustEachOther();
  link.StartClient();
  link.Carry();
  ASSERT_EQ(link.client.transport.state(), DtlsState::kConnecting);
  lossy = false;
  link.RunUntil([&] { return link.BothConnected(); }, TimeDelta::Seconds(1));
  EXPECT_TRUE(link.BothConnected());
}

TEST(DtlsLoss, SurvivesAFullSink) {
  DtlsLink link;
  link.TrustEachOther();
  DatagramSink full(1, 1);
  link.client.Note(link.client.transport.Start(link.now, link.client.path, full));
  EXPECT_GT(full.dropped(), 0u);
  link.RunUntil([&] { return link.BothConnected(); }, TimeDelta::Seconds(1));
  EXPECT_TRUE(link.BothConnected());
}

}  // namespace
}  // namespace confab::rtc
