#include "services/media/media_sockets.h"

#include <gtest/gtest.h>

namespace confab::media {
namespace {

const SocketAddress kV4 = SocketAddress::Ipv4({127, 0, 0, 1}, 0);
const SocketAddress kV6 = *SocketAddress::Parse("::1", 0);
constexpr uint16_t kAttempts = 100;

TEST(MediaSockets, HaveOneNumberForEveryAddressAndBothProtocols) {
  const auto sockets = BindMediaSockets({kV4, kV6}, 0, kAttempts);
  ASSERT_TRUE(sockets) << sockets.error().message;
  ASSERT_EQ(sockets->udp.size(), 2u);
  ASSERT_EQ(sockets->tcp.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(sockets->udp[i].local(), sockets->tcp[i].local());
    EXPECT_EQ(sockets->udp[i].local().port(), sockets->port());
    // Beside each, the one that strangers' packets come to.
    ASSERT_EQ(sockets->handshakes.size(), 2u);
    EXPECT_EQ(sockets->handshakes[i].local(), sockets->udp[i].local());
  }
}

TEST(MediaSockets, MoveOnTogetherWhereOnlyTheTcpPortIsTaken) {
  const auto taken = net::TcpListener::Bind(kV4);
  ASSERT_TRUE(taken);
  const uint16_t port = taken->local().port();
  const auto sockets = BindMediaSockets({kV6, kV4}, port, kAttempts);
  ASSERT_TRUE(sockets) << sockets.error().message;
  EXPECT_GT(sockets->port(), port);
  EXPECT_EQ(sockets->udp[0].local(), sockets->tcp[0].local());
}

TEST(MediaSockets, LeaveOutAnAddressOfAnotherMachineUnlessItIsTheOnlyOne) {
  const SocketAddress absent = SocketAddress::Ipv4({203, 0, 113, 77}, 0);
  const auto sockets = BindMediaSockets({absent, kV4}, 0, kAttempts);
  ASSERT_TRUE(sockets) << sockets.error().message;
  ASSERT_EQ(sockets->addresses().size(), 1u);
  EXPECT_EQ(sockets->addresses()[0].IpToString(), "127.0.0.1");
  const auto none = BindMediaSockets({absent}, 0, kAttempts);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(none.error().message.find("203.0.113.77"), std::string::npos);
}

}  // namespace
}  // namespace confab::media
