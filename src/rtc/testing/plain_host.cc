#include "rtc/testing/plain_host.h"

#include <algorithm>

#include "rtc/srtp/srtp_suite.h"

namespace confab::rtc::testing {

void PlainHost::Receive(Timestamp now, std::span<const Datagram> datagrams) {
  SessionOutput output(sink);
  for (const Datagram& datagram : datagrams) {
    const PacketRef packet = pool.Acquire();
    std::ranges::copy(datagram.bytes, packet.writable().buffer().begin());
    packet.writable().size = static_cast<uint16_t>(datagram.bytes.size());
    packet.writable().received_at = now;
    packet.writable().path = datagram.path;
    session.Classify(now, packet, open_, output);
  }
  engine.Open(open_.jobs());
  for (size_t i = 0; i < open_.size(); ++i) {
    const PacketRef& opened = open_.packet(i);
    switch (session.Opened(open_.jobs()[i], opened.writable())) {
      case OpenedAs::kDropped: break;
      case OpenedAs::kRtp: rtp.push_back(opened); break;
      case OpenedAs::kRtcp:
        rtcp.emplace_back(opened->bytes().begin(), opened->bytes().end());
        break;
    }
  }
  open_.Clear();
}

std::vector<PlainHost::Datagram> PlainHost::TakeDatagrams(Timestamp now) {
  std::vector<Datagram> out;
  for (const OutgoingDatagram& each : sink.datagrams()) {
    out.push_back({each.path, {each.bytes.begin(), each.bytes.end()}});
  }
  sink.Clear();
  for (bool more = session.has_work(); more;) {
    more = !session.Release(now, seal_);
    engine.Seal(seal_.jobs());
    for (size_t i = 0; i < seal_.jobs().size(); ++i) {
      const BytesView bytes = seal_.jobs()[i].out.first(seal_.jobs()[i].sealed_size);
      out.push_back({seal_.entries()[i].path, {bytes.begin(), bytes.end()}});
    }
    seal_.Clear();
  }
  return out;
}

void PlainHost::Admit(OutgoingStreamIndex stream, int64_t source_sequence, BytesView payload) {
  const PacketRef packet = pool.Acquire();
  std::ranges::copy(payload, packet.writable().buffer().begin());
  packet.writable().payload_size = static_cast<uint16_t>(payload.size());
  packet.writable().size = packet->payload_size;
  session.Admit(
      {.stream = stream, .source_sequence = source_sequence, .packet = packet, .plan = {}});
}

void PlainHost::FixPath(const SocketAddress& rtp_address, const SocketAddress& rtcp_address) {
  SessionOutput output(sink);
  session.FixPath(rtp_address, rtcp_address, output);
  told_connected = told_connected || output.Has(SessionEvent::kConnected);
}

void PlainHost::GiveKeys(const SrtpSession& keys) {
  SessionOutput output(sink);
  session.GiveKeys(keys, output);
  told_connected = told_connected || output.Has(SessionEvent::kConnected);
}

GivenKeyPair::GivenKeyPair(SrtpProfile profile, uint64_t seed) {
  Prng random(seed);
  ours = {.local = RandomMasterKey(profile, random), .remote = RandomMasterKey(profile, random)};
  theirs = {.local = ours.remote, .remote = ours.local};
}

}  // namespace confab::rtc::testing
