#include "base/ip_network.h"

#include <gtest/gtest.h>

namespace confab {
namespace {

bool IsIn(std::string_view ip, std::string_view network) {
  return IpNetwork::Parse(network)->Contains(*SocketAddress::Parse(ip, 1));
}

TEST(IpNetwork, PrintsWhatItParses) {
  for (const char* text : {"127.0.0.0/8", "0.0.0.0/0", "192.0.2.7/32", "2001:db8::/33", "::/0"}) {
    ASSERT_TRUE(IpNetwork::Parse(text)) << text;
    EXPECT_EQ(IpNetwork::Parse(text)->ToString(), text);
  }
  EXPECT_EQ(IpNetwork::Parse("192.0.2.7")->ToString(), "192.0.2.7/32");
  EXPECT_EQ(IpNetwork::Parse("::1")->ToString(), "::1/128");
}

TEST(IpNetwork, RefusesWhatIsNoNetwork) {
  for (const char* text :
       {"", "/", "/8", "127.0.0.0/", "127.0.0.0/33", "127.0.0.0/-1", "::/129", "127.0.0.0/8 ",
        "127.0.0.0/8/8", "127.0.0.0/+8", "127.0.0/8", "localhost", "localhost/8", "10.1.2.3/8",
        "10.0.0.0/4", "2001:db8::1/64", "10.0.0.0/18446744073709551624"}) {
    EXPECT_FALSE(IpNetwork::Parse(text)) << text;
  }
}

TEST(IpNetwork, ContainsItsOwnAddressesAndNoOthers) {
  EXPECT_TRUE(IsIn("127.0.0.1", "127.0.0.0/8"));
  EXPECT_TRUE(IsIn("127.255.255.255", "127.0.0.0/8"));
  EXPECT_FALSE(IsIn("126.255.255.255", "127.0.0.0/8"));
  EXPECT_FALSE(IsIn("128.0.0.0", "127.0.0.0/8"));
  EXPECT_TRUE(IsIn("172.31.9.9", "172.16.0.0/12"));
  EXPECT_FALSE(IsIn("172.32.0.0", "172.16.0.0/12"));
  EXPECT_TRUE(IsIn("192.0.2.7", "192.0.2.7"));
  EXPECT_FALSE(IsIn("192.0.2.6", "192.0.2.7"));
  EXPECT_TRUE(IsIn("8.8.8.8", "0.0.0.0/0"));
  EXPECT_TRUE(IsIn("2001:db8:7fff::1", "2001:db8::/33"));
  EXPECT_FALSE(IsIn("2001:db8:8000::1", "2001:db8::/33"));
  EXPECT_FALSE(IsIn("::1", "0.0.0.0/0")) << "another family";
  EXPECT_FALSE(IsIn("::ffff:127.0.0.1", "127.0.0.0/8"));
  EXPECT_FALSE(IpNetwork::Parse("0.0.0.0/0")->Contains(SocketAddress()));
}

}  // namespace
}  // namespace confab
