#include "app/process/peers.h"

#include <gtest/gtest.h>

namespace confab::app {
namespace {

const SocketAddress kLoopback = SocketAddress::Ipv4({127, 0, 0, 1}, 0);
const SocketAddress kOutside = SocketAddress::Ipv4({192, 0, 2, 1}, 0);

TEST(HostFor, IsTheAddressThatIsListenedOn) {
  EXPECT_EQ(HostFor("127.0.0.1", std::vector{kOutside}), "127.0.0.1");
  EXPECT_EQ(HostFor("2001:db8::1", std::vector{kOutside}), "2001:db8::1");
}

TEST(HostFor, IsAnAddressOfThisMachineWhereAllAreListenedOn) {
  for (const char* address : {"0.0.0.0", "::", "auto"}) {
    EXPECT_EQ(HostFor(address, std::vector{kLoopback, kOutside}), "192.0.2.1");
    EXPECT_EQ(HostFor(address, std::vector{kLoopback}), "127.0.0.1");
  }
}

}  // namespace
}  // namespace confab::app
