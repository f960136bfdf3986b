#include "sim/peer/endpoint.h"

#include <algorithm>

#include "base/check.h"
#include "sim/peer/scripted_dtls.h"
#include "sim/run/seed.h"

namespace confab::sim {
namespace {

constexpr rtc::LocalSocket kSocket{0};
// A turn of one participant: a few STUN and DTLS datagrams.
constexpr size_t kSinkBytes = 16 * 1024;
constexpr size_t kSinkDatagrams = 32;

std::unique_ptr<rtc::DtlsAgent> ClientDtls(uint64_t seed, uint32_t number) {
  Prng random = RandomFor(seed, Purpose::kPeerDtls, number);
  return std::make_unique<ScriptedDtls>(ScriptedDtls::Options{.role = rtc::DtlsRole::kClient},
                                        random);
}

}  // namespace

Endpoint::Endpoint(Timestamp now, PeerContext& context, uint32_t host, uint32_t number,
                   const SocketAddress& address)
    : context_(&context),
      host_(host),
      address_(address),
      random_(RandomFor(context.seed, Purpose::kPeer, number)),
      sink_(kSinkBytes, kSinkDatagrams),
      output_(sink_),
      session_(now, rtc::IceRole::kControlling, rtc::IceCredentials::Random(random_),
               ClientDtls(context.seed, number), context.engine, random_) {
  context.network.Bind(address_, host_);
}

void Endpoint::Connect(Timestamp now, const rtc::IceCredentials& remote) {
  session_.Connect(now, rtc::DtlsRole::kClient,
                   {ScriptedDtls::FingerprintOf(ScriptedDtls::kServerCertificate)}, output_);
  Recheck(now, remote);
}

void Endpoint::Recheck(Timestamp now, const rtc::IceCredentials& remote) {
  const rtc::Path path{kSocket, context_->server};
  session_.CheckPeer(now, remote, {&path, 1}, output_);
}

void Endpoint::Move(const SocketAddress& address) {
  context_->network.Unbind(address_);
  address_ = address;
  context_->network.Bind(address_, host_);
}

void Endpoint::Detach() {
  context_->network.Unbind(address_);
  attached_ = false;
}

OpenedPacket Endpoint::Receive(Timestamp now, BytesView bytes) {
  rtc::PacketRef packet = context_->pool.Acquire();
  CHECK(packet);
  std::ranges::copy(bytes, packet.writable().buffer().begin());
  packet.writable().size = static_cast<uint16_t>(bytes.size());
  packet.writable().received_at = now;
  packet.writable().path = {kSocket, context_->server};
  packet.writable().extensions = {};
  session_.Classify(now, packet, open_, output_);
  if (open_.size() == 0) return {};
  context_->engine.Open(open_.jobs());
  const rtc::OpenedAs as = session_.Opened(open_.jobs()[0], packet.writable());
  open_.Clear();
  return {as, std::move(packet)};
}

void Endpoint::HandleTimeout(Timestamp now) {
  if (now < NextTimeout()) return;
  session_.HandleTimeout(now, output_);
}

void Endpoint::Flush(Timestamp now) {
  const auto send = [&](BytesView bytes) {
    if (attached_) context_->network.SendUp(now, host_, address_, bytes);
  };
  for (const rtc::OutgoingDatagram& datagram : sink_.datagrams()) send(datagram.bytes);
  sink_.Clear();
  for (bool more = session_.has_work(); more;) {
    more = !session_.Release(now, seal_);
    context_->engine.Seal(seal_.jobs());
    for (const rtc::SealJob& job : seal_.jobs()) send(job.out.first(job.sealed_size));
    seal_.Clear();
  }
}

}  // namespace confab::sim
