#include "forward/peer.h"

#include <algorithm>
#include <array>

#include "net/clock.h"
#include "rtc/demux.h"

namespace confab::bench {
namespace {

constexpr rtc::LocalSocket kSocket{0};
// Behind a VP8 descriptor and the octet that tells keyframes apart.
constexpr size_t kTimeOffset = 8;

rtc::DtlsOptions OptionsFor(rtc::SrtpProfile profile) {
  rtc::DtlsOptions options;
  options.profiles = {profile};
  return options;
}

}  // namespace

void FillPayload(MutableBytes payload, rtc::MediaKind kind, bool keyframe, Timestamp now) {
  std::ranges::fill(payload, uint8_t{0x55});
  // RFC 7741 §4.2, §4.3: a frame of one packet; the P bit is clear in keyframes.
  payload[0] = kind == rtc::MediaKind::kVideo ? 0x10 : 0x78;
  payload[1] = keyframe ? 0x00 : 0x01;
  StoreU64(&payload[kTimeOffset], static_cast<uint64_t>(now.us()));
}

Result<std::unique_ptr<Peer>> Peer::Open(PeerContext& context, rtc::SrtpProfile profile) {
  auto socket = net::UdpSocket::Bind(SocketAddress::Ipv4({127, 0, 0, 1}, 0));
  if (!socket) return std::unexpected(socket.error());
  return std::make_unique<Peer>(std::move(*socket), context, profile);
}

Peer::Peer(net::UdpSocket socket, PeerContext& context, rtc::SrtpProfile profile)
    : socket_(std::move(socket)),
      context_(&context),
      output_(context.sink),
      session_(net::MonotonicNow(), rtc::IceRole::kControlling,
               rtc::IceCredentials::Random(context.random), context.certificate,
               OptionsFor(profile), context.engine, context.random) {}

void Peer::Connect(const rtc::IceCredentials& remote, const rtc::Fingerprint& fingerprint,
                   const SocketAddress& candidate) {
  const Timestamp now = net::MonotonicNow();
  const rtc::Path path{kSocket, candidate};
  session_.Connect(now, rtc::DtlsRole::kClient, {fingerprint}, output_);
  session_.CheckPeer(now, remote, {&path, 1}, output_);
  Flush();
}

void Peer::Receive() {
  for (size_t got = net::UdpSocket::kBatch; got == net::UdpSocket::kBatch;) {
    std::array<net::UdpReceiveSlot, net::UdpSocket::kBatch> slots;
    std::array<rtc::PacketRef, net::UdpSocket::kBatch> packets;
    for (size_t i = 0; i < packets.size(); ++i) {
      packets[i] = context_->pool.Acquire();
      slots[i].buffer = packets[i].writable().buffer();
    }
    got = socket_.Receive(slots, net::MonotonicNow(), net::UnixMicrosNow());
    for (size_t i = 0; i < got; ++i) {
      rtc::Packet& packet = packets[i].writable();
      packet.size = static_cast<uint16_t>(slots[i].size);
      packet.received_at = slots[i].received_at;
      packet.path = {kSocket, slots[i].from};
      Take(packets[i]);
    }
  }
  OpenAll();
  Flush();
}

void Peer::Take(const rtc::PacketRef& packet) {
  if (counting_ && rtc::ClassifyDatagram(packet->bytes()) == rtc::DatagramKind::kRtp) {
    ++packets_;
    if (!opens_sample_ || packets_ % kSampleEvery != 0) return;
  }
  session_.Classify(net::MonotonicNow(), packet, context_->open, output_);
}

void Peer::OpenAll() {
  context_->engine.Open(context_->open.jobs());
  for (size_t i = 0; i < context_->open.size(); ++i) {
    const rtc::PacketRef& packet = context_->open.packet(i);
    const rtc::OpenedAs opened = session_.Opened(context_->open.jobs()[i], packet.writable());
    if (opened == rtc::OpenedAs::kRtcp) continue;
    if (opened != rtc::OpenedAs::kRtp || packet->payload_size < kTimeOffset + 8) {
      ++bad_samples_;
      continue;
    }
    const auto sent = static_cast<int64_t>(LoadU64(packet->payload().data() + kTimeOffset));
    transit_.Add(packet->received_at - Timestamp::Micros(sent));
  }
  context_->open.Clear();
}

void Peer::BeginCount(bool opens_sample) {
  counting_ = true;
  opens_sample_ = opens_sample;
  packets_ = 0;
}

void Peer::HandleTimeout() {
  const Timestamp now = net::MonotonicNow();
  if (session_.NextTimeout().at > now) return;
  session_.HandleTimeout(now, output_);
  Flush();
}

void Peer::Flush() {
  for (const rtc::OutgoingDatagram& datagram : context_->sink.datagrams()) {
    const net::UdpSendRun run{datagram.path.remote, datagram.bytes,
                              static_cast<uint16_t>(datagram.bytes.size())};
    (void)socket_.Send({&run, 1});
  }
  context_->sink.Clear();
  for (bool more = session_.has_work(); more;) {
    rtc::SealBatch& seal = context_->seal;
    more = !session_.Release(net::MonotonicNow(), seal);
    context_->engine.Seal(seal.jobs());
    for (size_t i = 0; i < seal.jobs().size(); ++i) {
      const BytesView bytes = BytesView(seal.jobs()[i].out).first(seal.jobs()[i].sealed_size);
      const net::UdpSendRun run{seal.entries()[i].path.remote, bytes,
                                static_cast<uint16_t>(bytes.size())};
      (void)socket_.Send({&run, 1});
    }
    seal.Clear();
  }
}

}  // namespace confab::bench
