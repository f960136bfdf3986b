#include "services/media/testing/test_participant.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <vector>

#include "net/clock.h"
#include "rtc/demux.h"

namespace confab::media::testing {
namespace {

// How long a step waits for packets at most, so that `done` is asked in between.
constexpr int kStepMs = 20;

SocketAddress AnyPort(const SocketAddress& address) {
  return *SocketAddress::Parse(address.IpToString(), 0);
}

}  // namespace

TestParticipant::TestParticipant(Over over, const SocketAddress& server,
                                 const rtc::DtlsCertificate& certificate, uint64_t seed,
                                 int receive_buffer)
    : host(net::MonotonicNow(), seed, rtc::IceRole::kControlling, server, certificate, {}),
      server_(server) {
  if (over == Over::kTcp) {
    tcp_.emplace(server, receive_buffer);
  } else {
    ChangePort();
  }
}

void TestParticipant::ChangePort() {
  auto socket = net::UdpSocket::Bind(AnyPort(server_));
  CHECK(socket.has_value());
  udp_.emplace(std::move(*socket));
}

void TestParticipant::Connect(const rtc::IceCredentials& server,
                              const rtc::Fingerprint& fingerprint) {
  const Timestamp now = net::MonotonicNow();
  rtc::SessionOutput output(host.sink);
  host.session.Connect(now, rtc::DtlsRole::kClient, {fingerprint}, output);
  host.CheckPeer(now, server, server_);
}

void TestParticipant::Send(BytesView packet) {
  if (!sends_stun && rtc::IsStun(packet[0])) return;
  if (tcp_) return tcp_->Send(packet);
  const net::UdpSendRun run{server_, packet, static_cast<uint16_t>(packet.size())};
  (void)udp_->Send({&run, 1});
}

void TestParticipant::Step(Timestamp now) {
  if (tcp_) {
    for (const auto& packet : tcp_->ReceiveWaiting()) host.Receive(now, server_, packet);
  } else {
    ReceiveUdp(now);
  }
  rtc::SessionOutput output(host.sink);
  host.session.HandleTimeout(now, output);
  for (const auto& [to, packet] : host.TakeDatagrams(now)) Send(packet);
}

void TestParticipant::ReceiveUdp(Timestamp now) {
  std::array<std::array<uint8_t, rtc::kMaxPacketSize>, 16> buffers;
  std::array<net::UdpReceiveSlot, 16> slots;
  for (size_t i = 0; i < slots.size(); ++i) slots[i].buffer = buffers[i];
  const size_t got = udp_->Receive(slots, now, net::UnixMicrosNow());
  for (size_t i = 0; i < got; ++i) {
    host.Receive(now, slots[i].from, BytesView(buffers[i]).first(slots[i].size));
  }
}

void TestParticipant::SendRtp(rtc::OutgoingStreamIndex stream, BytesView payload) {
  rtc::PacketRef packet = host.pool.Acquire();
  std::ranges::copy(payload, packet.writable().buffer().begin());
  packet.writable().payload_size = packet.writable().size = static_cast<uint16_t>(payload.size());
  host.session.Admit(
      {.stream = stream, .source_sequence = next_source_sequence_++, .packet = packet, .plan = {}});
  for (const auto& [to, bytes] : host.TakeDatagrams(net::MonotonicNow())) Send(bytes);
}

bool RunUntil(std::initializer_list<TestParticipant*> participants,
              const std::function<bool()>& done) {
  const Timestamp end = net::MonotonicNow() + kRunLimit;
  while (!done()) {
    if (net::MonotonicNow() > end) return false;
    std::vector<pollfd> ready;
    for (TestParticipant* each : participants) {
      each->Step(net::MonotonicNow());
      ready.push_back({each->fd(), POLLIN, 0});
    }
    poll(ready.data(), ready.size(), kStepMs);
  }
  return true;
}

}  // namespace confab::media::testing
