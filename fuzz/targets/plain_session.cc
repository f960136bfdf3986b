// One session without ICE and DTLS. The first octet chooses how it was made, then come steps:
// datagrams from several sources to its sockets, batches of them, sending, time.

#include <array>
#include <memory>
#include <optional>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/support/input.h"
#include "fuzz/support/one_seal_engine.h"
#include "rtc/rtcp/rtcp_compound.h"
#include "rtc/session/session.h"

namespace confab::rtc {
namespace {

constexpr int kMaxPlainSteps = 200;  // a longer input is only slower
constexpr LocalSocket kRtpSocket{1};
constexpr LocalSocket kRtcpSocket{2};

// Kept from input to input: large, and without memory of what was in them.
struct PlainBuffers {
  PacketPool pool;
  DatagramSink sink;
  OpenBatch open;
  SealBatch seal;
};
PlainBuffers& SharedPlain() {
  static PlainBuffers buffers;
  return buffers;
}

// Bits of the first octet.
struct Made {
  explicit Made(uint8_t bits)
      : is_learned((bits & 1) != 0),
        has_two_ports((bits & 2) != 0),
        has_srtp((bits & 4) != 0),
        expects_none((bits & 8) != 0) {}
  bool is_learned;
  bool has_two_ports;
  bool has_srtp;
  bool expects_none;
};

class PlainRun {
 public:
  explicit PlainRun(fuzz::Input input)
      : input_(input),
        made_(input_.U8()),
        session_({.rtp = kRtpSocket,
                  .rtcp = made_.has_two_ports ? kRtcpSocket : kRtpSocket,
                  .remote = made_.is_learned ? RemoteAddress::kLearned : RemoteAddress::kGiven,
                  .networks = {*IpNetwork::Parse("192.0.2.0/24")}},
                 engine_, random_),
        output_(SharedPlain().sink) {
    SharedPlain().sink.Clear();
    if (!made_.has_srtp) GiveKeys(SrtpProfile::kClear);
    if (!made_.expects_none) session_.ExpectReceivedStream(std::nullopt);
    stream_ = *session_.AddStream(
        {.ssrc = Ssrc(1000), .payload_type = PayloadType(96), .mid = {}, .extensions = {}});
  }

  void Go() {
    for (int step = 0; step < kMaxPlainSteps && !input_.empty(); ++step) {
      Step();
      CheckAddresses();
    }
    CHECK(session_.NextTimeout().at.is_never() || session_.NextTimeout().at > now_);
    CHECK(SharedPlain().open.size() == 0 && SharedPlain().sink.empty());
  }

 private:
  // The last is outside the network.
  static SocketAddress Source(size_t number) {
    constexpr std::array<uint8_t, 3> kNets = {2, 2, 9};
    return SocketAddress::Ipv4({192, 0, kNets[number], static_cast<uint8_t>(number + 1)}, 5004);
  }

  void GiveKeys(SrtpProfile profile) {
    session_.GiveKeys({.local = {.profile = profile}, .remote = {.profile = profile}}, output_);
  }

  void Step() {
    switch (input_.Below(6)) {
      case 0: return Receive(1);
      case 1: return Receive(input_.Below(8) + 1);
      case 2: return Send();
      case 3: return GiveKeys(SrtpProfile::kAeadAes128Gcm);
      case 4:
        if (!made_.is_learned) session_.FixPath(Source(0), Source(1), output_);
        return;
      case 5:
        now_ = now_ + TimeDelta::Millis(int64_t{input_.U16()});
        return session_.HandleTimeout(now_, output_);
    }
  }

  void Receive(size_t datagrams) {
    for (; datagrams > 0; --datagrams) {
      const PacketRef packet = SharedPlain().pool.Acquire();
      Packet& p = packet.writable();
      p.path = {input_.Flag() ? kRtcpSocket : kRtpSocket, Source(input_.Below(3))};
      const BytesView bytes = input_.Piece();
      p.size = static_cast<uint16_t>(std::min(bytes.size(), kMaxPacketSize));
      std::ranges::copy(bytes.first(p.size), p.buffer().begin());
      p.received_at = now_;
      session_.Classify(now_, packet, SharedPlain().open, output_);
    }
    OpenBatch& open = SharedPlain().open;
    engine_.Open(open.jobs());
    for (size_t i = 0; i < open.size(); ++i) {
      const PacketRef& packet = open.packet(i);
      const OpenedAs opened = session_.Opened(open.jobs()[i], packet.writable());
      if (opened == OpenedAs::kDropped) continue;
      // Whatever is taken has come from the one peer.
      const bool is_rtp = opened == OpenedAs::kRtp;
      CHECK(packet->path == (is_rtp ? session_.send_path() : session_.rtcp_send_path()));
      if (!is_rtp) continue;
      CHECK(packet->payload_offset + packet->payload_size <= packet->size);
      last_rtp_ = packet;
    }
    open.Clear();
  }

  void Send() {
    session_.Admit({.stream = stream_,
                    .source_sequence = source_sequence_ += static_cast<int8_t>(input_.U8()),
                    .packet = last_rtp_,
                    .plan = {}});
    const std::array<uint8_t, 8> report = {0x80, 201, 0, 1, 0, 0, 0, 9};
    session_.AdmitRtcp(report);
    SealBatch& seal = SharedPlain().seal;
    CHECK(session_.Release(now_, seal));
    CHECK(seal.empty() || session_.connected());
    engine_.Seal(seal.jobs());
    for (const SealBatch::Entry& entry : seal.entries()) {
      const bool is_rtcp = entry.priority == SendPriority::kControl;
      CHECK(entry.path == (is_rtcp ? rtcp_ : rtp_));
    }
    seal.Clear();
  }

  // An address is in the network and, once there, stays.
  void CheckAddresses() {
    for (auto [known, now] :
         {std::pair(&rtp_, session_.send_path()), std::pair(&rtcp_, session_.rtcp_send_path())}) {
      CHECK(!*known || *known == now);
      CHECK(!now || now->remote != Source(2));
      *known = now;
    }
    output_.Clear();
  }

  fuzz::Input input_;
  Made made_;
  Timestamp now_ = Timestamp::Millis(1000);
  Prng random_{1};
  fuzz::OneSealEngine engine_;
  Session session_;
  SessionOutput output_;
  OutgoingStreamIndex stream_;
  int64_t source_sequence_ = 0;
  PacketRef last_rtp_;
  std::optional<Path> rtp_;
  std::optional<Path> rtcp_;
};

}  // namespace

CONFAB_FUZZ_TARGET(plain_session) {
  std::make_unique<PlainRun>(fuzz::Input(input))->Go();
}

}  // namespace confab::rtc
