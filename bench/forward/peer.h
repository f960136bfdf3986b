#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "forward/transit_times.h"
#include "net/udp_socket.h"
#include "rtc/dtls/dtls_certificate.h"
#include "rtc/session/session.h"
#include "rtc/srtp/evp_srtp_engine.h"

namespace confab::bench {

// What all peers share. One thread.
struct PeerContext {
  rtc::DtlsCertificate certificate;
  SecureRandom random;
  rtc::PacketPool pool;
  rtc::EvpSrtpEngine engine;
  rtc::DatagramSink sink;
  rtc::OpenBatch open;
  rtc::SealBatch seal;
};

// A participant's end of one transport: a UDP socket on loopback and a session. RTP that it
// receives is told by its first octets and counted; only a sample is opened, so that many receivers
// cost the other processor little.
class Peer {
 public:
  // One packet in so many is opened, its time of sending read.
  static constexpr uint64_t kSampleEvery = 61;

  static Result<std::unique_ptr<Peer>> Open(PeerContext& context, rtc::SrtpProfile profile);
  Peer(net::UdpSocket socket, PeerContext& context, rtc::SrtpProfile profile);

  // Begins ICE and DTLS.
  void Connect(const rtc::IceCredentials& remote, const rtc::Fingerprint& fingerprint,
               const SocketAddress& candidate);
  // Reads what waits, answers what must be answered.
  void Receive();
  void HandleTimeout();
  void Flush();
  // Packets may come from a sender without a session: then none is opened.
  void BeginCount(bool opens_sample);

  rtc::Session& session() { return session_; }
  const SocketAddress& address() const { return socket_.local(); }
  int fd() const { return socket_.fd(); }
  uint64_t packets() const { return packets_; }
  uint64_t bad_samples() const { return bad_samples_; }
  TransitTimes& transit() { return transit_; }

 private:
  void Take(const rtc::PacketRef& packet);
  void OpenAll();

  net::UdpSocket socket_;
  PeerContext* context_;
  rtc::SessionOutput output_;
  rtc::Session session_;
  bool opens_sample_ = false;
  bool counting_ = false;
  uint64_t packets_ = 0;
  uint64_t bad_samples_ = 0;
  TransitTimes transit_;
};

// The payload of a packet that is sent at `now`: what the codec wants to see first, then the time.
void FillPayload(MutableBytes payload, rtc::MediaKind kind, bool keyframe, Timestamp now);

}  // namespace confab::bench
