#include "net/source_address.h"

#include <gtest/gtest.h>

namespace confab::net {
namespace {

TEST(SourceAddress, IsLoopbackTowardsLoopback) {
  EXPECT_EQ(SourceAddressTowards(*SocketAddress::Parse("127.0.0.1", 5004)),
            SocketAddress::Parse("127.0.0.1", 0));
  EXPECT_FALSE(SourceAddressTowards(SocketAddress()));
}

}  // namespace
}  // namespace confab::net
