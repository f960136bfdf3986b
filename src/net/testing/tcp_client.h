#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <span>
#include <vector>

#include "base/bytes.h"
#include "net/file_descriptor.h"
#include "net/os_address.h"
#include "net/packet_framing.h"

// For tests: the other end of a framed TCP connection, blocking and simple.
namespace confab::net::testing {

inline constexpr int kPollLimitMs = 10'000;  // a test that hangs fails after it

inline bool PollFor(int fd, short events) {
  pollfd ready{fd, events, 0};
  return poll(&ready, 1, kPollLimitMs) > 0;
}

class TcpClient {
 public:
  // `receive_buffer`: octets of the kernel's; 0: as the kernel likes.
  explicit TcpClient(const SocketAddress& server, int receive_buffer = 0) {
    const OsAddress os = ToOs(server);
    fd_ = FileDescriptor(socket(os.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (receive_buffer > 0) {
      setsockopt(fd_.value(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    }
    EXPECT_EQ(connect(fd_.value(), os.get(), os.size), 0);
  }
  int fd() const { return fd_.value(); }
  SocketAddress local() const { return LocalAddressOf(fd_.value()); }

  void SendRaw(BytesView bytes) {
    // A server that closed already is what some tests are about.
    (void)!send(fd_.value(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  void Send(BytesView packet) {
    std::vector<uint8_t> framed(kFramePrefixSize);
    WriteFramePrefix(framed.data(), packet.size());
    framed.insert(framed.end(), packet.begin(), packet.end());
    SendRaw(framed);
  }
  // What the kernel has for us, waiting for at least an octet; the packets that are whole now. With
  // the end of the stream closed() becomes true.
  std::vector<std::vector<uint8_t>> Receive() {
    if (PollFor(fd_.value(), POLLIN)) return ReceiveWaiting();
    ADD_FAILURE() << "nothing came";
    return {};
  }
  std::vector<std::vector<uint8_t>> ReceiveWaiting() {
    std::vector<std::vector<uint8_t>> packets;
    std::vector<uint8_t> buffer(64 * 1024);
    const ssize_t got = recv(fd_.value(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    closed_ = closed_ || got == 0 || (got < 0 && errno != EAGAIN);
    BytesView stream = BytesView(buffer).first(got > 0 ? static_cast<size_t>(got) : 0);
    while (const auto packet = reader_.Next(stream)) {
      packets.emplace_back(packet->begin(), packet->end());
    }
    return packets;
  }
  bool closed() const { return closed_; }
  // Ends with a reset instead of a goodbye.
  void Reset() {
    const linger hard{.l_onoff = 1, .l_linger = 0};
    setsockopt(fd_.value(), SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
    fd_ = FileDescriptor();
  }

 private:
  FileDescriptor fd_;
  FrameReader reader_{kMaxFramedPacket};
  bool closed_ = false;
};

}  // namespace confab::net::testing
