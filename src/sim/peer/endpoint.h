#pragma once

#include <cstdint>
#include <memory>

#include "rtc/packet_pool.h"
#include "rtc/session/session.h"
#include "sim/network/network.h"

namespace confab::sim {

// What all participants of a run share. Outlives them.
struct PeerContext {
  uint64_t seed;
  rtc::SrtpEngine& engine;
  rtc::PacketPool& pool;
  Network& network;
  SocketAddress server;
};

// What a datagram turned out to be once it was opened.
struct OpenedPacket {
  rtc::OpenedAs as = rtc::OpenedAs::kDropped;
  rtc::PacketRef packet;
};

// A participant's end of one transport: a session in the controlling and DTLS client roles, with
// the batches that a worker would give it, at an address of its own behind the participant's links.
class Endpoint {
 public:
  // `number` is unique in the run.
  Endpoint(Timestamp now, PeerContext& context, uint32_t host, uint32_t number,
           const SocketAddress& address);

  // The server's answer has come: ICE and DTLS begin.
  void Connect(Timestamp now, const rtc::IceCredentials& remote);
  // Credentials of the server's ICE restart.
  void Recheck(Timestamp now, const rtc::IceCredentials& remote);
  // From now on at another address: what goes to the old one is lost.
  void Move(const SocketAddress& address);
  // The host is gone: nothing comes or goes any more.
  void Detach();

  OpenedPacket Receive(Timestamp now, BytesView bytes);
  void HandleTimeout(Timestamp now);
  Timestamp NextTimeout() const { return session_.NextTimeout().at; }
  // Everything that may leave goes into the network.
  void Flush(Timestamp now);

  rtc::Session& session() { return session_; }
  const rtc::Session& session() const { return session_; }
  const SocketAddress& address() const { return address_; }

 private:
  PeerContext* context_;
  uint32_t host_;
  SocketAddress address_;
  Prng random_;
  rtc::DatagramSink sink_;
  rtc::SessionOutput output_;  // its events are not read: the session is asked instead
  rtc::Session session_;
  rtc::OpenBatch open_;
  rtc::SealBatch seal_;
  bool attached_ = true;
};

}  // namespace confab::sim
