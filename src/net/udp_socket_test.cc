#include "net/udp_socket.h"
#include "net/clock.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <vector>

namespace confab::net {
namespace {

SocketAddress Loopback() {
  return *SocketAddress::Parse("127.0.0.1", 0);
}

// Receives `count` datagrams, waiting for readiness and not for a time to pass.
std::vector<std::vector<uint8_t>> ReceiveAll(UdpSocket& socket, size_t count) {
  std::vector<std::vector<uint8_t>> datagrams;
  std::array<std::array<uint8_t, 1500>, 8> buffers;
  std::array<UdpReceiveSlot, 8> slots;
  while (datagrams.size() < count) {
    pollfd ready{socket.fd(), POLLIN, 0};
    if (poll(&ready, 1, 5000) <= 0) break;
    for (size_t i = 0; i < slots.size(); ++i) slots[i].buffer = buffers[i];
    const size_t got = socket.Receive(slots, MonotonicNow(), UnixMicrosNow());
    for (size_t i = 0; i < got; ++i) {
      datagrams.emplace_back(buffers[i].begin(),
                             buffers[i].begin() + static_cast<ptrdiff_t>(slots[i].size));
    }
  }
  return datagrams;
}

TEST(UdpSocket, CutsARunIntoItsSegments) {
  auto sender = UdpSocket::Bind(Loopback());
  auto receiver = UdpSocket::Bind(Loopback());
  ASSERT_TRUE(sender && receiver);
  std::vector<uint8_t> bytes(250);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i);
  const std::array<UdpSendRun, 2> runs{
      UdpSendRun{receiver->local(), bytes, 100},
      UdpSendRun{receiver->local(), BytesView(bytes).first(7), 7},
  };
  const auto counts = sender->Send(runs);
  EXPECT_EQ(counts.datagrams, 4u);
  EXPECT_EQ(counts.dropped, 0u);
  const auto got = ReceiveAll(*receiver, 4);
  ASSERT_EQ(got.size(), 4u);
  EXPECT_EQ(got[0].size(), 100u);
  EXPECT_EQ(got[2].size(), 50u);
  EXPECT_EQ(got[2][0], 200);
  EXPECT_EQ(got[3].size(), 7u);
}

TEST(UdpSocket, SendsDatagramByDatagramWhereSegmentationIsRefused) {
  auto sender = UdpSocket::Bind(Loopback());
  auto receiver = UdpSocket::Bind(Loopback());
  ASSERT_TRUE(sender && receiver);
  // Linux refuses to segment without checksums, with EINVAL.
  const int on = 1;
  ASSERT_EQ(setsockopt(sender->fd(), SOL_SOCKET, SO_NO_CHECK, &on, sizeof(on)), 0);
  const std::vector<uint8_t> bytes(250);
  const std::array<UdpSendRun, 3> runs{
      UdpSendRun{receiver->local(), BytesView(bytes).first(7), 7},
      UdpSendRun{receiver->local(), bytes, 100},
      UdpSendRun{receiver->local(), BytesView(bytes).first(9), 9},
  };
  const auto counts = sender->Send(runs);
  EXPECT_EQ(counts.datagrams, 5u);
  EXPECT_EQ(counts.dropped, 0u);
  std::vector<size_t> sizes;
  for (const auto& datagram : ReceiveAll(*receiver, 5)) sizes.push_back(datagram.size());
  EXPECT_EQ(sizes, (std::vector<size_t>{7, 100, 100, 50, 9}));
}

TEST(UdpSocket, SaysWhichAddressIsTaken) {
  auto first = UdpSocket::Bind(Loopback());
  ASSERT_TRUE(first);
  const auto second = UdpSocket::Bind(first->local());
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find(first->local().ToString()), std::string::npos);
}

TEST(UdpSocket, SplitsHandshakesFromMediaAndKeepsItsAddressToItself) {
  auto sender = UdpSocket::Bind(Loopback());
  auto media = UdpSocket::Bind(Loopback());
  ASSERT_TRUE(sender && media);
  auto handshakes = media->SplitOffHandshakes();
  ASSERT_TRUE(handshakes) << handshakes.error().message;
  EXPECT_EQ(handshakes->local(), media->local());
  EXPECT_FALSE(UdpSocket::Bind(media->local()));
  for (const int first : {0x00, 0x14, 0x7f, 0x80, 0xff}) {
    const std::vector<uint8_t> bytes(20, static_cast<uint8_t>(first));
    const UdpSendRun run{media->local(), bytes, 20};
    (void)sender->Send({&run, 1});
  }
  const auto firsts = [](const std::vector<std::vector<uint8_t>>& datagrams) {
    std::vector<int> octets;
    for (const auto& datagram : datagrams) octets.push_back(datagram[0]);
    return octets;
  };
  EXPECT_EQ(firsts(ReceiveAll(*handshakes, 3)), (std::vector<int>{0x00, 0x14, 0x7f}));
  EXPECT_EQ(firsts(ReceiveAll(*media, 2)), (std::vector<int>{0x80, 0xff}));
}

TEST(UdpSocket, CountsWhatFindsItsBufferFullAndLosesNoMediaToHandshakes) {
  auto sender = UdpSocket::Bind(Loopback());
  auto media = UdpSocket::Bind(Loopback());
  ASSERT_TRUE(sender && media);
  auto handshakes = media->SplitOffHandshakes();
  ASSERT_TRUE(handshakes);
  const std::vector<uint8_t> hello(1400, 0x16);
  const std::vector<UdpSendRun> flood(20'000, UdpSendRun{media->local(), hello, 1400});
  (void)sender->Send(flood);
  const std::vector<uint8_t> packet(20, 0x80);
  const UdpSendRun run{media->local(), packet, 20};
  (void)sender->Send({&run, 1});
  EXPECT_GT(handshakes->overflows(), 0u);
  EXPECT_EQ(media->overflows(), 0u);
  EXPECT_EQ(ReceiveAll(*media, 1).size(), 1u);
}

TEST(UdpSocket, DropsWhatTheKernelRefusesAndSendsTheRest) {
  auto sender = UdpSocket::Bind(Loopback());
  auto receiver = UdpSocket::Bind(Loopback());
  ASSERT_TRUE(sender && receiver);
  const std::vector<uint8_t> small(10);
  const std::vector<uint8_t> too_large(65'000 + 1000);
  const std::array<UdpSendRun, 2> runs{
      UdpSendRun{receiver->local(), too_large, 65'535},
      UdpSendRun{receiver->local(), small, 10},
  };
  const auto counts = sender->Send(runs);
  EXPECT_GE(counts.dropped, 1u);
  EXPECT_EQ(counts.datagrams, 1u);
  EXPECT_EQ(ReceiveAll(*receiver, 1).size(), 1u);
}

}  // namespace
}  // namespace confab::net
