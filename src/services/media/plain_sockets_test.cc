#include "services/media/plain_sockets.h"

#include <gtest/gtest.h>

#include <set>

#include "base/testing/error_of.h"
#include "services/media/media_sockets.h"
#include "services/media/tcp_connections.h"
#include "services/media/testing/loopback.h"

namespace confab::media {
namespace {

using testing::kLoopback;
using Ports = PlainSockets::Ports;

bool IsFree(uint16_t port) {
  return net::UdpSocket::Bind(WithPort(kLoopback, port)).has_value();
}

// So many neighbouring pairs of ports that were free a moment ago: whoever tests beside has others.
uint16_t FreePairs(size_t pairs) {
  for (;;) {
    const auto any = net::UdpSocket::Bind(kLoopback);
    const auto first = static_cast<uint16_t>(any->local().port() & ~1u);
    if (first > 65'000) continue;
    bool free = true;
    for (uint32_t i = 2; i < 2 * pairs + 2; ++i) {
      free = free && IsFree(static_cast<uint16_t>(first + i));
    }
    if (free) return static_cast<uint16_t>(first + 2);
  }
}

PlainRtpOptions Options(uint16_t first, size_t pairs) {
  return {.networks = {*IpNetwork::Parse("127.0.0.0/8")},
          .first_port = first,
          .last_port = static_cast<uint16_t>(first + 2 * pairs - 1)};
}

class PlainSocketsTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(poller_.Open()); }

  Poller poller_;
};

TEST_F(PlainSocketsTest, OpensAnEvenPortAndTheOddOneAboveIt) {
  PlainSockets sockets(Options(FreePairs(2), 2), poller_);
  const auto pair = sockets.Open(Ports::kPair, "");
  ASSERT_TRUE(pair) << pair.error().message;
  EXPECT_EQ(pair->rtp.address.IpToString(), "127.0.0.1") << "towards the network";
  EXPECT_EQ(pair->rtp.address.port() % 2, 0);
  ASSERT_TRUE(pair->rtcp);
  EXPECT_EQ(pair->rtcp->address.port(), pair->rtp.address.port() + 1);
  const auto shared = sockets.Open(Ports::kShared, "127.0.0.1");
  ASSERT_TRUE(shared);
  EXPECT_EQ(shared->rtp.address.port(), pair->rtp.address.port() + 2);
  EXPECT_FALSE(shared->rtcp);
  EXPECT_EQ(sockets.open(), 3u);
}

TEST_F(PlainSocketsTest, KeepsToEvenPortsOfAnOddRange) {
  const uint16_t first = FreePairs(3);
  PlainSockets sockets({.networks = Options(first, 1).networks,
                        .first_port = static_cast<uint16_t>(first + 1),
                        .last_port = static_cast<uint16_t>(first + 4)},
                       poller_);
  const auto only = sockets.Open(Ports::kPair, "");
  ASSERT_TRUE(only);
  EXPECT_EQ(only->rtp.address.port(), first + 2);
  EXPECT_FALSE(sockets.Open(Ports::kShared, "")) << "the last number has no odd one above it";
}

TEST_F(PlainSocketsTest, SaysWhichOptionsToWidenWhenNoPortIsFree) {
  PlainSockets sockets(Options(FreePairs(2), 2), poller_);
  ASSERT_TRUE(sockets.Open(Ports::kPair, ""));
  const auto second = sockets.Open(Ports::kShared, "");
  ASSERT_TRUE(second);
  const auto third = sockets.Open(Ports::kShared, "");
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, ErrorCode::kLimitExceeded);
  EXPECT_NE(third.error().message.find("media.plain_rtp_first_port"), std::string::npos);
  sockets.Close(second->rtp.number);
  EXPECT_TRUE(sockets.Open(Ports::kShared, ""));
}

TEST_F(PlainSocketsTest, PassesOverAPairOfWhichOnePortIsTaken) {
  const uint16_t first = FreePairs(2);
  const auto taken = net::UdpSocket::Bind(WithPort(kLoopback, static_cast<uint16_t>(first + 1)));
  ASSERT_TRUE(taken);
  PlainSockets sockets(Options(first, 2), poller_);
  const auto pair = sockets.Open(Ports::kPair, "");
  ASSERT_TRUE(pair) << pair.error().message;
  EXPECT_EQ(pair->rtp.address.port(), first + 2);
  EXPECT_EQ(sockets.open(), 2u);
  EXPECT_TRUE(IsFree(first)) << "the half that was opened is closed again";
  const auto none = sockets.Open(Ports::kPair, "");
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find(std::to_string(first + 1)), std::string::npos)
      << none.error().message;
}

TEST_F(PlainSocketsTest, TakesAPairThatWasGivenBackLast) {
  PlainSockets sockets(Options(FreePairs(3), 3), poller_);
  std::set<uint16_t> used;
  for (int i = 0; i < 3; ++i) {
    const auto opened = sockets.Open(Ports::kShared, "");
    ASSERT_TRUE(opened);
    EXPECT_TRUE(used.insert(opened->rtp.address.port()).second) << "a free one was there";
    sockets.Close(opened->rtp.number);
  }
  EXPECT_EQ(sockets.open(), 0u);
}

TEST_F(PlainSocketsTest, DoesNotTakeAClosedSocketForTheNextInItsPlace) {
  PlainSockets sockets(Options(FreePairs(1), 1), poller_);
  const auto first = sockets.Open(Ports::kShared, "");
  ASSERT_TRUE(first);
  ASSERT_NE(sockets.Find(first->rtp.number), nullptr);
  EXPECT_TRUE(PlainSockets::IsPlain(first->rtp.number));
  EXPECT_FALSE(TcpConnections::IsConnection(first->rtp.number));
  sockets.Close(first->rtp.number);
  EXPECT_TRUE(IsFree(first->rtp.address.port()));
  const auto second = sockets.Open(Ports::kShared, "");
  ASSERT_TRUE(second);
  EXPECT_EQ(sockets.Find(first->rtp.number), nullptr);
  sockets.Close(first->rtp.number);
  EXPECT_NE(sockets.Find(second->rtp.number), nullptr);
}

TEST_F(PlainSocketsTest, RefusesAnAddressThatIsNotThisMachines) {
  PlainSockets sockets(Options(41'000, 10), poller_);
  EXPECT_EQ(ErrorOf(sockets.Open(Ports::kShared, "192.0.2.1")).code, ErrorCode::kUnavailable);
  EXPECT_EQ(ErrorOf(sockets.Open(Ports::kShared, "localhost")).code, ErrorCode::kInvalidMessage);
  EXPECT_EQ(sockets.open(), 0u);
}

TEST(PlainRtpOptions, AreSharedOutAmongWorkersWithoutOverlap) {
  const PlainRtpOptions all = Options(41'000, 10);
  uint32_t next = 41'000;
  for (size_t i = 0; i < 3; ++i) {
    const PlainRtpOptions share = ShareOf(all, i, 3);
    EXPECT_EQ(share.first_port, next);
    EXPECT_EQ(share.first_port % 2, 0);
    EXPECT_EQ(share.last_port % 2, 1);
    next = share.last_port + 1u;
  }
  EXPECT_EQ(next, 41'020u);
  const PlainRtpOptions none = ShareOf(Options(41'000, 1), 0, 2);
  EXPECT_LT(none.last_port, none.first_port);
}

}  // namespace
}  // namespace confab::media
