#pragma once

#include <functional>
#include <initializer_list>
#include <optional>

#include "base/socket_address.h"
#include "net/testing/tcp_client.h"
#include "net/udp_socket.h"
#include "rtc/testing/simulated_pair.h"

namespace confab::media::testing {

// A participant's session over a real socket, for tests: the controlling ICE agent and the DTLS
// client. Works when RunUntil or Step is called.
class TestParticipant {
 public:
  enum class Over : uint8_t { kUdp, kTcp };

  // `server`: the one candidate. `receive_buffer`: see TcpClient. The certificate outlives this.
  TestParticipant(Over over, const SocketAddress& server, const rtc::DtlsCertificate& certificate,
                  uint64_t seed, int receive_buffer = 0);

  // Begins the checks and, with the first answer, the handshake.
  void Connect(const rtc::IceCredentials& server, const rtc::Fingerprint& fingerprint);
  // Sends what waits, and takes what has come.
  void Step(Timestamp now);
  // Sends an RTP packet with this payload on a stream of the session.
  void SendRtp(rtc::OutgoingStreamIndex stream, BytesView payload);
  // Goes on from another UDP port, as behind a NAT that forgot.
  void ChangePort();
  int fd() const { return tcp_ ? tcp_->fd() : udp_->fd(); }
  SocketAddress local() const { return tcp_ ? tcp_->local() : udp_->local(); }
  net::testing::TcpClient& tcp() { return *tcp_; }
  rtc::testing::TestHost host;
  // Checks are held back while this is false: what goes out is media alone.
  bool sends_stun = true;

 private:
  void Send(BytesView packet);
  void ReceiveUdp(Timestamp now);

  SocketAddress server_;
  std::optional<net::UdpSocket> udp_;
  std::optional<net::testing::TcpClient> tcp_;
  int64_t next_source_sequence_ = 1;
};

// Lets all of them work until `done`; false if it does not come true for kLimit.
inline constexpr TimeDelta kRunLimit = TimeDelta::Seconds(20);
[[nodiscard]] bool RunUntil(std::initializer_list<TestParticipant*> participants,
                            const std::function<bool()>& done);

}  // namespace confab::media::testing
