#include "net/framed_connection.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>

#include "net/tcp_listener.h"
#include "net/testing/tcp_client.h"

namespace confab::net {
namespace {

using testing::PollFor, testing::TcpClient;
using ReadResult = FramedConnection::ReadResult;

constexpr size_t kMaxPacket = 1500;
constexpr size_t kQueueLimit = 64 * 1024;

// The header of a Binding request (RFC 8489 §5) whose last octet is `mark`.
std::vector<uint8_t> BindingRequest(uint8_t mark) {
  std::vector<uint8_t> request = {0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42};
  request.resize(20);
  request.back() = mark;
  return request;
}

class FramedConnectionTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    auto listener = TcpListener::Bind(*SocketAddress::Parse(GetParam(), 0));
    ASSERT_TRUE(listener) << listener.error().message;
    listener_.emplace(std::move(*listener));
  }
  // The server's end of a new connection.
  FramedConnection Accept() {
    EXPECT_TRUE(PollFor(listener_->fd(), POLLIN));
    auto accepted = listener_->Accept();
    EXPECT_TRUE(accepted);
    remote_ = accepted->remote;
    return FramedConnection(std::move(accepted->fd), kMaxPacket);
  }
  ReadResult ReadSome(FramedConnection& connection) {
    EXPECT_TRUE(PollFor(connection.fd(), POLLIN));
    return connection.Read(buffer_);
  }

  std::optional<TcpListener> listener_;
  SocketAddress remote_;
  std::array<uint8_t, 4096> buffer_;
};

TEST_P(FramedConnectionTest, CarriesPacketsBothWays) {
  TcpClient client(listener_->local());
  FramedConnection server = Accept();
  EXPECT_EQ(remote_, client.local());
  client.Send(BindingRequest(1));
  client.Send(BindingRequest(2));
  std::vector<uint8_t> marks;
  while (marks.size() < 2) {
    ASSERT_EQ(ReadSome(server), ReadResult::kOpen);
    while (const auto packet = server.Next()) marks.push_back(packet->back());
  }
  EXPECT_EQ(marks, (std::vector<uint8_t>{1, 2}));
  EXPECT_TRUE(server.Queue(BindingRequest(3), kQueueLimit));
  EXPECT_TRUE(server.Queue(BindingRequest(4), kQueueLimit));
  EXPECT_EQ(server.queued(), 2 * (kFramePrefixSize + 20)) << "one write for a whole turn";
  ASSERT_TRUE(server.Flush());
  EXPECT_EQ(server.queued(), 0u);
  const auto answers = client.Receive();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[1], BindingRequest(4));
}

TEST_P(FramedConnectionTest, TellsAStrangerByItsFirstOctet) {
  TcpClient client(listener_->local());
  FramedConnection server = Accept();
  client.SendRaw(AsBytes("G"));
  EXPECT_EQ(ReadSome(server), ReadResult::kNotStun);
}

TEST_P(FramedConnectionTest, TellsAStrangerWhoSendsOctetByOctet) {
  TcpClient client(listener_->local());
  FramedConnection server = Accept();
  const std::vector<uint8_t> almost = {0, 20, 0, 1, 0, 0, 0x21, 0x12, 0xa4};
  for (const uint8_t& octet : almost) {
    client.SendRaw({&octet, 1});
    ASSERT_EQ(ReadSome(server), ReadResult::kOpen);
    ASSERT_FALSE(server.Next());
  }
  client.SendRaw(AsBytes("C"));
  EXPECT_EQ(ReadSome(server), ReadResult::kNotStun);
}

TEST_P(FramedConnectionTest, SeesTheEndOfItsPeer) {
  std::optional<TcpClient> client(listener_->local());
  FramedConnection server = Accept();
  EXPECT_EQ(server.Read(buffer_), ReadResult::kOpen) << "nothing is not the end";
  client.reset();
  EXPECT_EQ(ReadSome(server), ReadResult::kEnded);
}

TEST_P(FramedConnectionTest, SurvivesAPeerThatIsGone) {
  TcpClient client(listener_->local());
  FramedConnection server = Accept();
  client.Reset();
  ASSERT_TRUE(PollFor(server.fd(), POLLIN));
  bool is_alive = true;
  for (int i = 0; is_alive && i < 10; ++i) {
    (void)server.Queue(BindingRequest(1), kQueueLimit);
    is_alive = server.Flush();
  }
  EXPECT_FALSE(is_alive);
  EXPECT_FALSE(server.Queue(BindingRequest(1), kQueueLimit));
}

TEST_P(FramedConnectionTest, RefusesPacketsForAReaderThatDoesNotReadAndLosesNoneThatItTook) {
  TcpClient client(listener_->local(), 8192);
  FramedConnection server = Accept();
  std::vector<uint8_t> packet(1000);
  uint32_t taken = 0;
  size_t refused = 0;
  for (uint32_t i = 0; i < 20'000; ++i) {
    StoreU32(packet.data(), taken);
    server.Queue(packet, kQueueLimit) ? ++taken : ++refused;
    ASSERT_LE(server.queued(), kQueueLimit);
    ASSERT_LE(server.queue_capacity(), 4 * kQueueLimit);
    const bool is_alive = i % 10 != 9 || server.Flush();
    ASSERT_TRUE(is_alive);
  }
  EXPECT_GT(refused, 0u) << "20 MB do not fit the kernel's buffers";
  EXPECT_GT(taken, kQueueLimit / packet.size());
  uint32_t received = 0;
  while (received < taken) {
    ASSERT_TRUE(server.Flush());
    for (const auto& got : client.Receive()) {
      ASSERT_EQ(got.size(), packet.size());
      ASSERT_EQ(LoadU32(got.data()), received++);
    }
  }
  ASSERT_TRUE(server.Flush());
  EXPECT_EQ(server.queued(), 0u);
  EXPECT_LE(server.queue_capacity(), FramedConnection::kKeptQueueBytes) << "given back";
}

TEST_P(FramedConnectionTest, PassesOverWhatIsTooLarge) {
  TcpClient client(listener_->local());
  FramedConnection server = Accept();
  client.Send(BindingRequest(1));
  client.Send(std::vector<uint8_t>(kMaxPacket + 1));
  client.Send(BindingRequest(2));
  std::vector<uint8_t> marks;
  while (marks.size() < 2) {
    ASSERT_EQ(ReadSome(server), ReadResult::kOpen);
    while (const auto packet = server.Next()) marks.push_back(packet->back());
  }
  EXPECT_EQ(marks, (std::vector<uint8_t>{1, 2}));
  EXPECT_EQ(server.oversized(), 1u);
}

INSTANTIATE_TEST_SUITE_P(BothFamilies, FramedConnectionTest, ::testing::Values("127.0.0.1", "::1"));

TEST(TcpListener, SaysWhichAddressIsTakenAndWhichIsNotThisMachines) {
  const auto first = TcpListener::Bind(SocketAddress::Ipv4({127, 0, 0, 1}, 0));
  ASSERT_TRUE(first);
  const auto second = TcpListener::Bind(first->local());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kInvalidConfiguration);
  EXPECT_NE(second.error().message.find(first->local().ToString()), std::string::npos);
  const auto absent = TcpListener::Bind(SocketAddress::Ipv4({203, 0, 113, 77}, 0));
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace confab::net
