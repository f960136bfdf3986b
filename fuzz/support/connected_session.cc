#include "fuzz/support/connected_session.h"

#include <string>

#include "base/check.h"
#include "fuzz/support/fixed_openssl_random.h"
#include "rtc/dtls/dtls_transport.h"
#include "rtc/stun/stun_writer.h"

namespace confab::fuzz {
namespace {

using rtc::DtlsRole;
using rtc::DtlsState;

constexpr uint64_t kServerSeed = 1;
constexpr uint64_t kClientSeed = 2;
constexpr int kMostFlights = 10;
constexpr Timestamp kStart = Timestamp::Millis(1000);
const rtc::Path kPath{rtc::LocalSocket(0), SocketAddress::Ipv4({192, 0, 2, 7}, 5000)};

rtc::DtlsCertificate MakeCertificate(uint64_t seed) {
  const FixedOpensslRandom random(seed);
  auto certificate = rtc::DtlsCertificate::Generate();
  CHECK(certificate.has_value());
  return std::move(*certificate);
}

}  // namespace

const RecordedHandshake& RecordedHandshake::Instance() {
  static const RecordedHandshake recorded;
  return recorded;
}

RecordedHandshake::RecordedHandshake()
    : server_(MakeCertificate(kServerSeed)), client_(MakeCertificate(kClientSeed)) {
  Record();
}

void RecordedHandshake::Record() {
  FixedOpensslRandom client_random(kClientSeed);
  FixedOpensslRandom server_random(kServerSeed);
  rtc::DatagramSink to_client, to_server;
  rtc::DtlsTransport server(server_, {.role = DtlsRole::kServer});
  rtc::DtlsTransport client(client_, {.role = DtlsRole::kClient});
  (void)server.SetRemoteFingerprints(kStart, {client_.fingerprint()}, to_client);
  client_random.Use();
  (void)client.SetRemoteFingerprints(kStart, {server_.fingerprint()}, to_server);
  (void)client.Start(kStart, kPath, to_server);
  for (int flight = 0; server.state() != DtlsState::kConnected; ++flight) {
    CHECK(flight < kMostFlights);
    server_random.Use();
    for (const rtc::OutgoingDatagram& datagram : to_server.datagrams()) {
      datagrams_.emplace_back(datagram.bytes.begin(), datagram.bytes.end());
      (void)server.HandleRecords(kStart, kPath, datagram.bytes, to_client);
    }
    to_server.Clear();
    client_random.Use();
    for (const rtc::OutgoingDatagram& datagram : to_client.datagrams()) {
      (void)client.HandleRecords(kStart, kPath, datagram.bytes, to_server);
    }
    to_client.Clear();
  }
}

void RecordedHandshake::Play(const std::function<void(BytesView)>& receive) const {
  const FixedOpensslRandom random(kServerSeed);
  for (const auto& datagram : datagrams_) receive(datagram);
}

std::vector<uint8_t> CheckBytes(const Check& check) {
  std::vector<uint8_t> bytes(2048);
  rtc::StunWriter writer(bytes, rtc::StunClass::kRequest, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  writer.AddUsername(std::string(check.ufrag) + ":peer");
  writer.AddPriority(check.priority);
  if (check.use_candidate) writer.AddUseCandidate();
  if (check.controlling) {
    writer.AddIceControlling(7);
  } else {
    writer.AddIceControlled(7);
  }
  if (check.extra_type != 0) writer.AddRaw(check.extra_type, check.extra);
  rtc::StunHmac key(check.password);
  writer.AddIntegrity(key);
  writer.AddFingerprint();
  bytes.resize(writer.size());
  return bytes;
}

}  // namespace confab::fuzz
