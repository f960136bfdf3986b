#include "base/socket_address.h"

#include <gtest/gtest.h>

namespace confab {
namespace {

TEST(SocketAddress, PrintsWhatItParses) {
  EXPECT_EQ(SocketAddress::Parse("192.0.2.1", 80)->ToString(), "192.0.2.1:80");
  EXPECT_EQ(SocketAddress::Parse("2001:db8::1", 443)->ToString(), "[2001:db8::1]:443");
  EXPECT_FALSE(SocketAddress::Parse("192.0.2", 1));
  EXPECT_FALSE(SocketAddress::Parse("example.com", 1));
}

TEST(SocketAddress, RefusesAnAddressThatANulEnds) {
  using namespace std::string_view_literals;
  EXPECT_FALSE(SocketAddress::Parse("192.0.2.1\0.example.com"sv, 1));
  EXPECT_FALSE(SocketAddress::Parse("2001:db8::1\0"sv, 1));
}

TEST(SocketAddress, KnowsPrivateAndLoopbackRanges) {
  for (const char* ip : {"10.1.2.3", "172.16.0.1", "172.31.255.1", "192.168.0.1", "100.64.0.1",
                         "169.254.1.1", "fd00::1", "fe80::1"}) {
    EXPECT_TRUE(SocketAddress::Parse(ip, 1)->is_private()) << ip;
  }
  for (const char* ip : {"172.32.0.1", "192.0.2.1", "100.128.0.1", "2001:db8::1", "127.0.0.1"}) {
    EXPECT_FALSE(SocketAddress::Parse(ip, 1)->is_private()) << ip;
  }
  EXPECT_TRUE(SocketAddress::Parse("127.0.0.1", 1)->is_loopback());
  EXPECT_TRUE(SocketAddress::Parse("::1", 1)->is_loopback());
  EXPECT_FALSE(SocketAddress::Parse("::2", 1)->is_loopback());
}

}  // namespace
}  // namespace confab
