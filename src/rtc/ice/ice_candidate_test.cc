#include "rtc/ice/ice_candidate.h"

#include <gtest/gtest.h>

#include <set>

#include "base/random.h"
#include "rtc/ice/ice_credentials.h"

namespace confab::rtc {
namespace {

TEST(IceCandidate, HasTheHostPriorityOfRfc8445) {
  EXPECT_EQ(HostCandidatePriority(IceProtocol::kUdp, 0), 126u << 24 | 65535u << 8 | 255u);
  EXPECT_EQ(HostCandidatePriority(IceProtocol::kTcp, 0),
            126u << 24 | ((4u << 13) + 8191u) << 8 | 255u);
}

TEST(IceCandidate, IsMadeForEveryAddressMostWantedFirst) {
  const std::vector<SocketAddress> udp = {*SocketAddress::Parse("192.0.2.1", 40000),
                                          *SocketAddress::Parse("2001:db8::1", 40000)};
  const std::vector<SocketAddress> tcp = {*SocketAddress::Parse("192.0.2.1", 40000)};
  const auto candidates = HostCandidates(udp, tcp);
  ASSERT_EQ(candidates.size(), 3u);
  EXPECT_EQ(candidates[0].ip, "192.0.2.1");
  EXPECT_EQ(candidates[0].port, 40000);
  EXPECT_EQ(candidates[1].ip, "2001:db8::1");
  EXPECT_EQ(candidates[2].protocol, IceProtocol::kTcp);
  EXPECT_GT(candidates[0].priority, candidates[1].priority);
  EXPECT_GT(candidates[1].priority, candidates[2].priority);
  EXPECT_NE(candidates[0].foundation, candidates[1].foundation);
  EXPECT_NE(candidates[0].foundation, candidates[2].foundation);
}

TEST(IceCandidate, IsBoundedInNumber) {
  const std::vector<SocketAddress> many(100, *SocketAddress::Parse("192.0.2.1", 1));
  EXPECT_EQ(HostCandidates(many, many).size(), kMaxHostCandidates);
}

TEST(IceCredentials, AreIceCharsOfTheStatedSizesAndNeverTheSame) {
  Prng random(1);
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const IceCredentials credentials = IceCredentials::Random(random);
    EXPECT_EQ(credentials.ufrag.size(), IceCredentials::kUfragSize);
    EXPECT_EQ(credentials.password.size(), IceCredentials::kPasswordSize);
    for (const char c : credentials.ufrag + credentials.password) {
      EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '/');
    }
    EXPECT_TRUE(seen.insert(credentials.ufrag).second);
    EXPECT_TRUE(seen.insert(credentials.password).second);
  }
}

}  // namespace
}  // namespace confab::rtc
