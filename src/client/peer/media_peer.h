#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "client/signaling/remote_transport.h"
#include "net/asio.h"
#include "net/event.h"
#include "net/udp_socket.h"
#include "rtc/dtls/dtls_certificate.h"
#include "rtc/session/session.h"
#include "rtc/srtp/evp_srtp_engine.h"

namespace confab::client {

// A participant's end of one WebRTC transport: a UDP socket and a session that is the controlling
// ICE agent and the DTLS client. Lives on its executor's one thread; the certificate and the random
// source outlive it. Close it before the last reference goes.
class MediaPeer : public std::enable_shared_from_this<MediaPeer> {
 public:
  // Who wants to hear of RTCP that came in, opened; called between two datagrams.
  using RtcpHandler = std::function<void(BytesView compound)>;

  // The same for RTP: the packet's fields are set, and it is the handler's to change.
  using RtpHandler = std::function<void(rtc::Packet& packet)>;

  // Binds a port of its own on every IPv4 address.
  static Result<std::shared_ptr<MediaPeer>> Open(const asio::any_io_executor& executor,
                                                 const rtc::DtlsCertificate& certificate,
                                                 RandomSource& random);
  // `readable`: a duplicate of the socket's descriptor.
  MediaPeer(net::UdpSocket socket, int readable, const asio::any_io_executor& executor,
            const rtc::DtlsCertificate& certificate, RandomSource& random);

  // Starts ICE and DTLS towards the server. Once. Error kUnavailable: it has no IPv4 candidate.
  Result<void> Connect(const RemoteTransport& remote);
  // Until media can flow. Error kUnavailable: `limit` has passed or the handshake failed.
  asio::awaitable<Result<void>> UntilConnected(TimeDelta limit);

  void set_rtcp_handler(RtcpHandler handler) { on_rtcp_ = std::move(handler); }
  void set_rtp_handler(RtpHandler handler) { on_rtp_ = std::move(handler); }
  rtc::Session& session() { return session_; }
  // For packets to fill and admit to the session.
  rtc::PacketPool& pool() { return pool_; }
  // Sends what the session has to send.
  void Flush();
  // The path or the keys are gone for good.
  bool failed() const { return failed_; }
  void Close();

 private:
  void WaitForDatagrams();
  void ReceiveWaiting();
  void OpenAll();
  void SendDatagrams();
  void ArmTimer();
  void HandleEvents();

  net::UdpSocket socket_;
  asio::posix::stream_descriptor readable_;  // the same socket
  asio::steady_timer timer_;
  net::Event changed_;  // connected or failed
  rtc::PacketPool pool_;
  rtc::EvpSrtpEngine engine_;
  rtc::DatagramSink sink_;
  rtc::SessionOutput output_{sink_};
  rtc::OpenBatch open_;
  rtc::SealBatch seal_;
  rtc::Session session_;
  RtcpHandler on_rtcp_;
  RtpHandler on_rtp_;
  Timestamp armed_for_ = Timestamp::Never();
  bool failed_ = false;
};

}  // namespace confab::client
