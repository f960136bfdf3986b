#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "rtc/dtls/dtls_transport.h"

namespace confab::rtc {

using TestDatagram = std::vector<uint8_t>;

// Made once: key generation is the slow part of a test.
inline const DtlsCertificate& TestCertificate(size_t index) {
  static const std::array<DtlsCertificate, 3> certificates = {
      *DtlsCertificate::Generate(), *DtlsCertificate::Generate(), *DtlsCertificate::Generate()};
  return certificates[index];
}

// One end of a link: a transport and what it has written.
struct DtlsEnd {
  DtlsEnd(size_t certificate, DtlsOptions options, uint16_t port)
      : path{LocalSocket(1), SocketAddress::Ipv4({192, 0, 2, 1}, port)},
        transport(TestCertificate(certificate), std::move(options)) {}

  std::vector<TestDatagram> Take() {
    std::vector<TestDatagram> taken;
    for (const OutgoingDatagram& datagram : sink.datagrams()) {
      taken.emplace_back(datagram.bytes.begin(), datagram.bytes.end());
    }
    sink.Clear();
    return taken;
  }
  void Note(DtlsEvent event) {
    if (event != DtlsEvent::kNone) events.push_back(event);
  }

  Path path;
  DatagramSink sink;
  DtlsTransport transport;
  std::vector<DtlsEvent> events;
};

// A client and a server with a clock of their own between them. Nothing moves by itself.
class DtlsLink {
 public:
  // What becomes of the datagram with this number (from 0, both directions together).
  using Fate = std::function<std::vector<TestDatagram>(size_t number, TestDatagram)>;

  explicit DtlsLink(DtlsOptions client_options = {}, DtlsOptions server_options = {})
      : client(0, AsClient(std::move(client_options)), 1000),
        server(1, std::move(server_options), 2000) {}

  void TrustEachOther() {
    Trust(client, TestCertificate(1).fingerprint());
    Trust(server, TestCertificate(0).fingerprint());
  }
  void Trust(DtlsEnd& end, const Fingerprint& fingerprint) {
    end.Note(end.transport.SetRemoteFingerprints(now, {fingerprint}, end.sink));
  }
  void StartClient() { client.Note(client.transport.Start(now, client.path, client.sink)); }
  // Carries datagrams until both are silent.
  void Carry() {
    while (!client.sink.empty() || !server.sink.empty()) {
      Move(client, server);
      Move(server, client);
    }
  }
  // Carries, and lets time pass from timer to timer, until `done` or `limit` has passed.
  void RunUntil(const std::function<bool()>& done, TimeDelta limit = TimeDelta::Seconds(60)) {
    const Timestamp end = now + limit;
    Carry();
    while (!done() && now < end) {
      const Timestamp next =
          std::min(client.transport.NextTimeout(), server.transport.NextTimeout());
      if (next.is_never()) return;
      now = std::max(now, next);
      client.Note(client.transport.HandleTimeout(now, client.sink));
      server.Note(server.transport.HandleTimeout(now, server.sink));
      Carry();
    }
  }
  void Connect() {
    TrustEachOther();
    StartClient();
    RunUntil([this] { return BothConnected(); });
  }
  bool BothConnected() const {
    return client.transport.state() == DtlsState::kConnected &&
           server.transport.state() == DtlsState::kConnected;
  }
  void Give(DtlsEnd& end, BytesView datagram) {
    end.Note(end.transport.HandleRecords(now, end.path, datagram, end.sink));
  }

  Timestamp now = Timestamp::Millis(5'000);
  DtlsEnd client;
  DtlsEnd server;
  Fate fate = [](size_t, TestDatagram datagram) {
    return std::vector<TestDatagram>{std::move(datagram)};
  };
  // While `fate` decides: who the datagram is for.
  const DtlsEnd* receiver = nullptr;
  size_t carried = 0;
  size_t largest = 0;

 private:
  static DtlsOptions AsClient(DtlsOptions options) {
    options.role = DtlsRole::kClient;
    return options;
  }
  void Move(DtlsEnd& from, DtlsEnd& to) {
    for (TestDatagram& datagram : from.Take()) {
      largest = std::max(largest, datagram.size());
      receiver = &to;
      for (const TestDatagram& copy : fate(carried++, std::move(datagram))) Give(to, copy);
    }
  }
};

inline void ExpectSameKey(const SrtpMasterKey& a, const SrtpMasterKey& b) {
  EXPECT_EQ(a.profile, b.profile);
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.salt, b.salt);
}

inline void ExpectKeysAgree(const DtlsLink& link) {
  ASSERT_TRUE(link.client.transport.srtp() && link.server.transport.srtp());
  const SrtpSession& client = *link.client.transport.srtp();
  const SrtpSession& server = *link.server.transport.srtp();
  ExpectSameKey(client.local, server.remote);
  ExpectSameKey(client.remote, server.local);
  EXPECT_NE(client.local.key, client.remote.key);
  EXPECT_NE(client.local.salt, client.remote.salt);
}

}  // namespace confab::rtc
