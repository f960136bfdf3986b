#include "rtc/testing/simulated_pair.h"

#include <algorithm>

namespace confab::rtc::testing {
namespace {

constexpr LocalSocket kSocket{0};

SocketAddress AddressOf(uint8_t host) {
  return SocketAddress::Ipv4({192, 0, 2, host}, 5000);
}

DtlsOptions OptionsFor(const std::vector<SrtpProfile>& profiles) {
  DtlsOptions options;
  options.profiles = profiles;
  return options;
}

}  // namespace

TestHost::TestHost(Timestamp now, uint64_t seed, IceRole role, SocketAddress own,
                   const DtlsCertificate& certificate, DtlsOptions options)
    : address(own),
      random(seed),
      session(now, role, IceCredentials::Random(random), certificate, std::move(options), engine,
              random) {}

void TestHost::NoteEvents(const SessionOutput& output) {
  for (const SessionEvent event : {SessionEvent::kConnected, SessionEvent::kFailed,
                                   SessionEvent::kClosedByPeer, SessionEvent::kIceTimeout}) {
    if (output.Has(event)) events.push_back(event);
  }
}

void TestHost::Receive(Timestamp now, const SocketAddress& from, BytesView bytes) {
  PacketRef packet = pool.Acquire();
  std::ranges::copy(bytes, packet.writable().buffer().begin());
  packet.writable().size = static_cast<uint16_t>(bytes.size());
  packet.writable().received_at = now;
  packet.writable().path = {kSocket, from};
  SessionOutput output(sink);
  session.Classify(now, packet, open, output);
  NoteEvents(output);
  engine.Open(open.jobs());
  for (size_t i = 0; i < open.size(); ++i) {
    const PacketRef& opened = open.packet(i);
    switch (session.Opened(open.jobs()[i], opened.writable())) {
      case OpenedAs::kDropped: break;
      case OpenedAs::kRtp: rtp.push_back(opened); break;
      case OpenedAs::kRtcp:
        rtcp.emplace_back(opened->bytes().begin(), opened->bytes().end());
        break;
    }
  }
  open.Clear();
}

std::vector<std::pair<SocketAddress, std::vector<uint8_t>>> TestHost::TakeDatagrams(Timestamp now) {
  std::vector<std::pair<SocketAddress, std::vector<uint8_t>>> out;
  const auto take = [&out](const Path& path, BytesView bytes) {
    out.emplace_back(path.remote, std::vector<uint8_t>(bytes.begin(), bytes.end()));
  };
  for (const OutgoingDatagram& datagram : sink.datagrams()) take(datagram.path, datagram.bytes);
  sink.Clear();
  for (bool more = session.has_work(); more;) {
    more = !session.Release(now, seal);
    engine.Seal(seal.jobs());
    for (size_t i = 0; i < seal.jobs().size(); ++i) {
      take(seal.entries()[i].path, seal.jobs()[i].out.first(seal.jobs()[i].sealed_size));
    }
    seal.Clear();
  }
  return out;
}

void TestHost::CheckPeer(Timestamp now, const IceCredentials& peer,
                         const SocketAddress& candidate) {
  SessionOutput output(sink);
  const Path path{kSocket, candidate};
  session.CheckPeer(now, peer, {&path, 1}, output);
}

SimulatedPair::SimulatedPair(Options options)
    : certificate_a(*DtlsCertificate::Generate()),
      certificate_b(*DtlsCertificate::Generate()),
      a(now, options.seed * 2, IceRole::kControlling, AddressOf(1), certificate_a,
        OptionsFor(options.profiles)),
      b(now, options.seed * 2 + 1, IceRole::kControlled, AddressOf(2), certificate_b,
        OptionsFor(options.profiles)),
      options_(std::move(options)) {}

void SimulatedPair::Connect(const Fingerprint& told_to_a, const Fingerprint& told_to_b) {
  SessionOutput output_a(a.sink);
  a.session.Connect(now, DtlsRole::kClient, {told_to_a}, output_a);
  SessionOutput output_b(b.sink);
  b.session.Connect(now, DtlsRole::kServer, {told_to_b}, output_b);
  a.CheckPeer(now, b.session.ice().local_credentials(), b.address);
}

void SimulatedPair::Put(TestHost& from, const SocketAddress& to, std::vector<uint8_t> bytes) {
  wire.push_back(bytes);
  if (options_.lose(now, bytes)) return;
  TestHost& receiver = to == a.address ? a : b;
  in_flight_.push({now + options_.delay, order_++, &receiver, from.address, std::move(bytes)});
}

void SimulatedPair::Transmit(TestHost& from) {
  for (auto& [to, bytes] : from.TakeDatagrams(now)) Put(from, to, std::move(bytes));
}

void SimulatedPair::RunUntil(Timestamp end) {
  Transmit(a);
  Transmit(b);
  for (;;) {
    Timestamp next = std::min(a.session.NextTimeout().at, b.session.NextTimeout().at);
    if (!in_flight_.empty()) next = std::min(next, in_flight_.top().at);
    if (next > end) break;
    now = std::max(now, next);
    while (!in_flight_.empty() && in_flight_.top().at <= now) {
      const InFlight datagram = in_flight_.top();
      in_flight_.pop();
      datagram.to->Receive(now, datagram.from, datagram.bytes);
    }
    for (TestHost* host : {&a, &b}) {
      SessionOutput output(host->sink);
      host->session.HandleTimeout(now, output);
      Transmit(*host);
    }
  }
  now = end;
}

void SimulatedPair::Send(TestHost& from, OutgoingStreamIndex stream, int64_t source_sequence,
                         uint32_t rtp_timestamp, BytesView payload) {
  PacketRef packet = from.pool.Acquire();
  std::ranges::copy(payload, packet.writable().buffer().begin() + 12);
  packet.writable().payload_offset = 12;
  packet.writable().payload_size = static_cast<uint16_t>(payload.size());
  packet.writable().size = static_cast<uint16_t>(12 + payload.size());
  SendIntent intent{
      .stream = stream, .source_sequence = source_sequence, .packet = packet, .plan = {}};
  intent.plan.rtp_timestamp = rtp_timestamp;
  from.session.Admit(std::move(intent));
  Transmit(from);
}

}  // namespace confab::rtc::testing
