// What a datagram is (RFC 7983), and DTLS: records that come to a server or a client in each of its
// states.

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/support/fixed_openssl_random.h"
#include "fuzz/support/input.h"
#include "rtc/demux.h"
#include "rtc/dtls/dtls_flight.h"
#include "rtc/dtls/dtls_transport.h"
#include "rtc/rtp/rtp_header.h"

namespace confab::rtc {
namespace {

const Path kPath{LocalSocket(0), SocketAddress::Ipv4({192, 0, 2, 7}, 5000)};
constexpr size_t kMaxDatagrams = 24;

void CheckKind(BytesView datagram) {
  switch (ClassifyDatagram(datagram)) {
    case DatagramKind::kStun: return CHECK(IsStun(datagram[0]));
    case DatagramKind::kDtls: return CHECK(IsDtls(datagram[0]));
    case DatagramKind::kRtp: return CHECK(!LooksLikeRtcp(datagram[1]));
    case DatagramKind::kRtcp: return CHECK(LooksLikeRtcp(datagram[1]));
    case DatagramKind::kUnknown: return;
  }
}

struct Endpoint {
  explicit Endpoint(DtlsRole role, size_t mtu)
      : transport(Certificate(), {.role = role, .profiles = DtlsOptions().profiles, .mtu = mtu}) {}

  static const DtlsCertificate& Certificate() {
    static const DtlsCertificate certificate = *DtlsCertificate::Generate();
    return certificate;
  }
  void Connect(DatagramSink& sink) {
    (void)transport.SetRemoteFingerprints(now, {Certificate().fingerprint()}, sink);
    (void)transport.Start(now, kPath, sink);
  }
  void Wait(TimeDelta time, DatagramSink& sink) {
    now = now + time;
    if (transport.NextTimeout() <= now) (void)transport.HandleTimeout(now, sink);
    // A timer that stays due would keep the worker busy for ever.
    CHECK(transport.NextTimeout() > now);
  }

  Timestamp now = Timestamp::Millis(1000);
  DtlsTransport transport;
};

void CheckFlight(fuzz::Input input) {
  static DatagramSink sink;
  sink.Clear();
  DtlsFlight flight;
  for (size_t i = 0; i < kMaxDatagrams + 2 && !input.empty(); ++i) flight.Add(input.Piece());
  CHECK(flight.bytes() <= DtlsFlight::kMaxBytes);
  flight.SendAll(kPath, sink);
  CHECK(sink.datagrams().size() <= DtlsFlight::kMaxDatagrams);
}

// A whole peer, so that what is changed on the way reaches later states: `skip` of its datagrams
// arrive as they are, the input's come between them.
void RunHandshake(fuzz::Input input) {
  static DatagramSink to_peer, to_us;
  to_peer.Clear();
  to_us.Clear();
  const bool is_server = input.Flag();
  Endpoint us(is_server ? DtlsRole::kServer : DtlsRole::kClient, 256 + 8 * input.Below(128));
  Endpoint peer(is_server ? DtlsRole::kClient : DtlsRole::kServer, 1200);
  for (Endpoint* each : {&peer, &us}) each->Connect(each == &us ? to_peer : to_us);
  for (size_t i = 0; i < kMaxDatagrams && !input.empty(); ++i) {
    switch (input.Below(4)) {
      case 0: {  // bytes of the input
        const fuzz::ExactCopy datagram(input.Piece());
        CheckKind(datagram.view());
        if (ClassifyDatagram(datagram.view()) != DatagramKind::kDtls) break;
        (void)us.transport.HandleRecords(us.now, kPath, datagram.view(), to_peer);
        break;
      }
      case 1: {  // what the peer has to say, perhaps with one octet changed
        const size_t place = input.U16();
        const uint8_t change = input.U8();
        for (const OutgoingDatagram& datagram : to_us.datagrams()) {
          fuzz::ExactCopy copy(datagram.bytes);
          if (place < copy.view().size()) copy.bytes()[place] ^= change;
          if (!IsDtls(copy.view()[0])) continue;
          (void)us.transport.HandleRecords(us.now, kPath, copy.view(), to_peer);
        }
        to_us.Clear();
        break;
      }
      case 2:  // what we have to say
        for (const OutgoingDatagram& datagram : to_peer.datagrams()) {
          (void)peer.transport.HandleRecords(peer.now, kPath, datagram.bytes, to_us);
        }
        to_peer.Clear();
        break;
      case 3: us.Wait(TimeDelta::Millis(10 * int64_t{input.U16()}), to_peer); break;
    }
  }
  if (us.transport.state() == DtlsState::kConnected) CHECK(us.transport.srtp().has_value());
  (void)us.transport.Close(to_peer);
}

}  // namespace

CONFAB_FUZZ_TARGET(datagram) {
  CheckKind(input);
  fuzz::FixedOpensslRandom random(1);
  fuzz::Input decisions(input);
  if (decisions.Flag()) return CheckFlight(decisions);
  RunHandshake(decisions);
}

}  // namespace confab::rtc
