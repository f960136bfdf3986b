#include "client/testing/hostile_datagrams.h"

#include <array>

#include "base/units.h"
#include "rtc/datagram_sink.h"
#include "rtc/dtls/dtls_certificate.h"
#include "rtc/dtls/dtls_transport.h"
#include "rtc/stun/stun_writer.h"

namespace confab::client {
namespace {

constexpr uint32_t kHostPriority = 2'130'706'431;  // RFC 8445 §5.1.2.2
constexpr size_t kMaxRequest = 256;
constexpr std::string_view kWrongPassword = "nobodyknowsthepassword";

}  // namespace

Datagrams ForgedStunRequests(std::string_view username, size_t count, RandomSource& random) {
  Datagrams requests;
  rtc::StunHmac key(kWrongPassword);
  for (size_t i = 0; i < count; ++i) {
    std::array<uint8_t, kMaxRequest> bytes;
    rtc::StunTransactionId id;
    random.Fill(id);
    rtc::StunWriter writer(bytes, rtc::StunClass::kRequest, id);
    writer.AddUsername(username);
    writer.AddPriority(kHostPriority);
    writer.AddIceControlling(1);
    writer.AddUseCandidate();
    writer.AddIntegrity(key);
    writer.AddFingerprint();
    requests.emplace_back(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(writer.size()));
  }
  return requests;
}

Datagrams ClientHellos(size_t count) {
  Datagrams hellos;
  const auto certificate = rtc::DtlsCertificate::Generate();
  if (!certificate) return hellos;
  const rtc::Path path{rtc::LocalSocket(0), SocketAddress::Ipv4({127, 0, 0, 1}, 1)};
  for (size_t i = 0; i < count; ++i) {
    rtc::DatagramSink sink;
    rtc::DtlsTransport client(*certificate, {.role = rtc::DtlsRole::kClient});
    (void)client.Start(Timestamp(), path, sink);
    (void)client.SetRemoteFingerprints(Timestamp(), {certificate->fingerprint()}, sink);
    for (const rtc::OutgoingDatagram& flight : sink.datagrams()) {
      hellos.emplace_back(flight.bytes.begin(), flight.bytes.end());
    }
  }
  return hellos;
}

}  // namespace confab::client
