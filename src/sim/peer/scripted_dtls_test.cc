#include "sim/peer/scripted_dtls.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "rtc/demux.h"
#include "sim/network/link.h"
#include "sim/run/event_queue.h"

namespace confab::sim {
namespace {

using rtc::DtlsEvent;
using rtc::DtlsRole;
using rtc::DtlsState;

const rtc::Path kPath{rtc::LocalSocket(0), SocketAddress::Ipv4({192, 0, 2, 1}, 1)};

// A client, a server and a link for each way.
class Play {
 public:
  explicit Play(const LinkOptions& link, uint64_t seed = 1)
      : random_(seed),
        client({.role = DtlsRole::kClient}, random_),
        server({.role = DtlsRole::kServer}, random_),
        up_(link, Prng(seed + 1)),
        down_(link, Prng(seed + 2)) {}

  void Begin() {
    server.SetRemoteFingerprints(
        now, {ScriptedDtls::FingerprintOf(ScriptedDtls::kClientCertificate)}, server_sink_);
    client.SetRemoteFingerprints(
        now, {ScriptedDtls::FingerprintOf(ScriptedDtls::kServerCertificate)}, client_sink_);
    client.Start(now, kPath, client_sink_);
  }
  void RunFor(TimeDelta time) {
    const Timestamp end = now + time;
    for (;;) {
      Carry();
      const Timestamp next =
          std::min({in_flight_.next(), client.NextTimeout(), server.NextTimeout()});
      if (next > end) break;
      now = std::max(now, next);
      if (in_flight_.next() <= now) {
        const Datagram datagram = in_flight_.Take();
        (datagram.up ? server : client)
            .HandleRecords(now, kPath, datagram.bytes, datagram.up ? server_sink_ : client_sink_);
      }
      client.HandleTimeout(now, client_sink_);
      server.HandleTimeout(now, server_sink_);
    }
    now = end;
  }

  Timestamp now = Timestamp::Millis(1000);

 private:
  struct Datagram {
    bool up;
    std::vector<uint8_t> bytes;
  };
  void Carry() {
    for (const bool up : {true, false}) {
      rtc::DatagramSink& sink = up ? client_sink_ : server_sink_;
      for (const rtc::OutgoingDatagram& datagram : sink.datagrams()) {
        wire.emplace_back(datagram.bytes.begin(), datagram.bytes.end());
        const Deliveries deliveries = (up ? up_ : down_).Send(now, datagram.bytes.size());
        for (size_t i = 0; i < deliveries.count; ++i) {
          in_flight_.Add(deliveries.at[i], {up, wire.back()});
        }
      }
      sink.Clear();
    }
  }

  Prng random_;

 public:
  ScriptedDtls client, server;
  std::vector<std::vector<uint8_t>> wire;

 private:
  Link up_, down_;
  rtc::DatagramSink client_sink_, server_sink_;
  EventQueue<Datagram> in_flight_;
};

LinkOptions Clean() {
  LinkOptions link;
  link.delay = TimeDelta::Millis(20);
  return link;
}

TEST(ScriptedDtls, GivesBothSidesTheSameKeysCrosswise) {
  Play play(Clean());
  play.Begin();
  play.RunFor(TimeDelta::Millis(90));
  ASSERT_TRUE(play.client.srtp() && play.server.srtp());
  EXPECT_EQ(play.client.srtp()->local.key, play.server.srtp()->remote.key);
  EXPECT_EQ(play.client.srtp()->remote.key, play.server.srtp()->local.key);
  EXPECT_NE(play.client.srtp()->local.key, play.client.srtp()->remote.key);
  EXPECT_EQ(play.wire.size(), 6u);
  EXPECT_TRUE(play.client.NextTimeout().is_never());
  EXPECT_TRUE(play.server.NextTimeout().is_never());
}

TEST(ScriptedDtls, SendsWhatTheDemultiplexerTakesForDtls) {
  Play play(Clean());
  play.Begin();
  play.RunFor(TimeDelta::Seconds(1));
  for (const auto& datagram : play.wire) {
    EXPECT_EQ(rtc::ClassifyDatagram(datagram), rtc::DatagramKind::kDtls);
  }
}

TEST(ScriptedDtls, SurvivesLossReorderingAndDuplication) {
  LinkOptions link = Clean();
  link.loss = 0.3;
  link.reorder = 0.2;
  link.duplicate = 0.2;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    Play play(link, seed);
    play.Begin();
    play.RunFor(TimeDelta::Seconds(40));
    ASSERT_EQ(play.client.state(), DtlsState::kConnected) << "seed " << seed;
    ASSERT_EQ(play.server.state(), DtlsState::kConnected) << "seed " << seed;
    ASSERT_EQ(play.client.srtp()->local.key, play.server.srtp()->remote.key) << "seed " << seed;
  }
}

TEST(ScriptedDtls, GivesUpWhenNothingArrives) {
  LinkOptions link;
  link.loss = 1;
  Play play(link);
  play.Begin();
  play.RunFor(ScriptedDtls::kHandshakeTimeout);
  EXPECT_EQ(play.client.state(), DtlsState::kFailed);
  EXPECT_EQ(play.client.reason(), rtc::DtlsReason::kTimeout);
  EXPECT_EQ(play.server.state(), DtlsState::kNew);
}

TEST(ScriptedDtls, RefusesAnotherCertificate) {
  Play play(Clean());
  rtc::DatagramSink sink;
  play.client.SetRemoteFingerprints(play.now, {ScriptedDtls::FingerprintOf(99)}, sink);
  play.Begin();  // its fingerprints come too late
  play.RunFor(TimeDelta::Seconds(1));
  EXPECT_EQ(play.client.state(), DtlsState::kFailed);
  EXPECT_EQ(play.client.reason(), rtc::DtlsReason::kFingerprintMismatch);
}

TEST(ScriptedDtls, IgnoresWhatIsNoneOfItsRecords) {
  Prng random(1);
  ScriptedDtls server({.role = DtlsRole::kServer}, random);
  rtc::DatagramSink sink;
  server.SetRemoteFingerprints(
      Timestamp(), {ScriptedDtls::FingerprintOf(ScriptedDtls::kClientCertificate)}, sink);
  std::vector<uint8_t> record(100, 0);
  for (size_t size = 0; size < record.size(); ++size) {
    record[0] = 22;
    EXPECT_EQ(server.HandleRecords(Timestamp(), kPath, BytesView(record).first(size), sink),
              DtlsEvent::kNone);
  }
  EXPECT_EQ(server.state(), DtlsState::kNew);
  EXPECT_TRUE(sink.empty());
}

}  // namespace
}  // namespace confab::sim
