#include "client/peer/media_peer.h"

#include <unistd.h>

#include <array>
#include <utility>

#include "net/clock.h"

namespace confab::client {
namespace {

constexpr rtc::LocalSocket kSocket{0};
constexpr uint16_t kAnyPort = 0;

// A participant is told when the server closes its end, and tells when it closes its own.
rtc::DtlsOptions ParticipantDtls() {
  rtc::DtlsOptions options;
  options.after_handshake = rtc::DtlsAfterHandshake::kKeep;
  return options;
}

}  // namespace

Result<std::shared_ptr<MediaPeer>> MediaPeer::Open(const asio::any_io_executor& executor,
                                                   const rtc::DtlsCertificate& certificate,
                                                   RandomSource& random) {
  auto socket = net::UdpSocket::Bind(SocketAddress::Ipv4({0, 0, 0, 0}, kAnyPort));
  if (!socket) return std::unexpected(socket.error());
  const int readable = dup(socket->fd());
  if (readable < 0) {
    return Fail(ErrorCode::kUnavailable, "no file descriptor is left: raise `ulimit -n`");
  }
  return std::make_shared<MediaPeer>(std::move(*socket), readable, executor, certificate, random);
}

MediaPeer::MediaPeer(net::UdpSocket socket, int readable, const asio::any_io_executor& executor,
                     const rtc::DtlsCertificate& certificate, RandomSource& random)
    : socket_(std::move(socket)),
      readable_(executor, readable),
      timer_(executor),
      changed_(executor),
      session_(net::MonotonicNow(), rtc::IceRole::kControlling, rtc::IceCredentials::Random(random),
               certificate, ParticipantDtls(), engine_, random) {}

Result<void> MediaPeer::Connect(const RemoteTransport& remote) {
  std::vector<rtc::Path> paths;
  for (const SocketAddress& candidate : remote.candidates) {
    if (candidate.family() == AddressFamily::kIpv4) paths.push_back({kSocket, candidate});
  }
  if (paths.empty()) return Fail(ErrorCode::kUnavailable, "the server has no IPv4 candidate");
  const Timestamp now = net::MonotonicNow();
  session_.Connect(now, rtc::DtlsRole::kClient, remote.fingerprints, output_);
  session_.CheckPeer(now, remote.ice, paths, output_);
  WaitForDatagrams();
  Flush();
  return {};
}

asio::awaitable<Result<void>> MediaPeer::UntilConnected(TimeDelta limit) {
  const auto self = shared_from_this();
  co_await changed_.Wait(limit);
  if (session_.connected() && !failed_) co_return Result<void>();
  co_return Fail(ErrorCode::kUnavailable,
                 failed_ ? "the handshake with the media service failed"
                         : "the media service does not answer: is its UDP port reachable?");
}

void MediaPeer::WaitForDatagrams() {
  readable_.async_wait(asio::posix::descriptor_base::wait_read,
                       [self = shared_from_this()](error_code error) {
                         if (error) return;
                         self->ReceiveWaiting();
                         self->Flush();
                         self->WaitForDatagrams();
                       });
}

void MediaPeer::ReceiveWaiting() {
  const Timestamp now = net::MonotonicNow();
  std::array<net::UdpReceiveSlot, net::UdpSocket::kBatch> slots;
  std::array<rtc::PacketRef, net::UdpSocket::kBatch> packets;
  size_t room = 0;
  while (room < packets.size() && (packets[room] = pool_.Acquire())) {
    slots[room].buffer = packets[room].writable().buffer();
    ++room;
  }
  const size_t got = socket_.Receive(std::span(slots).first(room), now, net::UnixMicrosNow());
  for (size_t i = 0; i < got; ++i) {
    if (slots[i].truncated) continue;
    rtc::Packet& packet = packets[i].writable();
    packet.size = static_cast<uint16_t>(slots[i].size);
    packet.received_at = slots[i].received_at;
    packet.path = {kSocket, slots[i].from};
    session_.Classify(now, packets[i], open_, output_);
  }
  OpenAll();
}

void MediaPeer::OpenAll() {
  engine_.Open(open_.jobs());
  for (size_t i = 0; i < open_.size(); ++i) {
    const rtc::PacketRef& packet = open_.packet(i);
    switch (session_.Opened(open_.jobs()[i], packet.writable())) {
      case rtc::OpenedAs::kDropped: break;
      case rtc::OpenedAs::kRtcp:
        if (on_rtcp_) on_rtcp_(packet->bytes());
        break;
      case rtc::OpenedAs::kRtp:
        if (on_rtp_) on_rtp_(packet.writable());
        break;
    }
  }
  open_.Clear();
}

void MediaPeer::Flush() {
  HandleEvents();
  SendDatagrams();
  const Timestamp now = net::MonotonicNow();
  for (bool more = session_.has_work(); more;) {
    more = !session_.Release(now, seal_);
    engine_.Seal(seal_.jobs());
    std::array<net::UdpSendRun, rtc::SealBatch::kMaxPackets> runs;
    for (size_t i = 0; i < seal_.jobs().size(); ++i) {
      const BytesView bytes = BytesView(seal_.jobs()[i].out).first(seal_.jobs()[i].sealed_size);
      runs[i] = {seal_.entries()[i].path.remote, bytes, static_cast<uint16_t>(bytes.size())};
    }
    (void)socket_.Send(std::span(runs).first(seal_.jobs().size()));
    seal_.Clear();
  }
  ArmTimer();
}

void MediaPeer::SendDatagrams() {
  for (const rtc::OutgoingDatagram& datagram : sink_.datagrams()) {
    const net::UdpSendRun run{datagram.path.remote, datagram.bytes,
                              static_cast<uint16_t>(datagram.bytes.size())};
    (void)socket_.Send({&run, 1});
  }
  sink_.Clear();
}

void MediaPeer::HandleEvents() {
  for (const auto event : {rtc::SessionEvent::kFailed, rtc::SessionEvent::kClosedByPeer,
                           rtc::SessionEvent::kIceTimeout}) {
    failed_ = failed_ || output_.Has(event);
  }
  if (failed_ || output_.Has(rtc::SessionEvent::kConnected)) changed_.Set();
  output_.Clear();
}

void MediaPeer::ArmTimer() {
  const Timestamp at = session_.NextTimeout().at;
  if (at == armed_for_ || !readable_.is_open()) return;
  armed_for_ = at;
  if (at.is_never()) return (void)timer_.cancel();
  timer_.expires_after(ToChrono(at - net::MonotonicNow()));
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (error) return;
    self->armed_for_ = Timestamp::Never();
    self->session_.HandleTimeout(net::MonotonicNow(), self->output_);
    self->Flush();
  });
}

void MediaPeer::Close() {
  if (!readable_.is_open()) return;
  session_.Close(output_);
  SendDatagrams();
  failed_ = true;
  changed_.Set();
  error_code ignored;
  readable_.close(ignored);
  timer_.cancel();
}

}  // namespace confab::client
