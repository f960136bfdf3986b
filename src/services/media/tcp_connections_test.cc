#include "services/media/tcp_connections.h"

#include <gtest/gtest.h>

#include <array>
#include <list>
#include <optional>

#include "base/random.h"
#include "net/testing/tcp_client.h"
#include "rtc/srtp/evp_srtp_engine.h"
#include "rtc/testing/simulated_pair.h"

namespace confab::media {
namespace {

using net::testing::TcpClient;

// Connections, a worker behind them and a clock that only the test moves.
class TcpConnectionsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(poller_.Open());
    auto listener = net::TcpListener::Bind(SocketAddress::Ipv4({127, 0, 0, 1}, 0));
    ASSERT_TRUE(listener);
    server_ = listener->local();
    std::vector<net::TcpListener> listeners;
    listeners.push_back(std::move(*listener));
    tcp_.emplace(std::move(listeners), worker_, poller_);
    ASSERT_TRUE(tcp_->AddListenersToPoll());
  }

  // One turn of a worker thread; true if there was something to do.
  bool Turn(int wait_ms = 0) {
    const auto events = poller_.Wait(wait_ms);
    for (const Poller::Event& event : events) tcp_->HandleEvent(event, now_);
    for (const rtc::OutgoingDatagram& each : worker_.datagrams()) {
      if (const auto remote = each.path.remote; remote.port() != 0) last_local_ = each.path.local;
      tcp_->Send(each.path.local, each.bytes, rtc::SendPriority::kControl);
    }
    worker_.ClearDatagrams();
    tcp_->Flush();
    return !events.empty();
  }
  // Turns until `done`.
  [[nodiscard]] bool TurnUntil(const std::function<bool()>& done) {
    while (!done()) {
      if (!Turn(net::testing::kPollLimitMs)) return false;
    }
    return true;
  }
  uint64_t ended(TcpEnd end) const { return tcp_->status().ended[static_cast<size_t>(end)]; }
  uint64_t dropped(rtc::DropReason reason) const { return worker_.counters().drops[reason]; }

  // A participant who checks over `client` until the worker holds its path for validated.
  [[nodiscard]] bool Prove(TcpClient& client) {
    const auto transport = worker_.CreateTransport(
        now_, {.id = std::to_string(++transports_), .router_id = "room", .capabilities = {}}, {});
    if (!transport) return false;
    rtc::testing::TestHost host(now_, transports_, rtc::IceRole::kControlling, client.local(),
                                certificate_, {});
    host.CheckPeer(now_, (*transport)->session().ice().local_credentials(), server_);
    for (const auto& [to, bytes] : host.TakeDatagrams(now_)) client.Send(bytes);
    return TurnUntil([&] { return (*transport)->session().ice().selected().has_value(); });
  }

  Timestamp now_ = Timestamp::Millis(1000);
  Prng random_{1};
  rtc::EvpSrtpEngine engine_;
  rtc::DtlsCertificate certificate_ = *rtc::DtlsCertificate::Generate();
  sfu::Worker worker_{
      engine_, certificate_, random_, sfu::NodeClock(now_, 1'700'000'000'000'000), {}};
  Poller poller_;
  SocketAddress server_;
  std::optional<TcpConnections> tcp_;
  rtc::LocalSocket last_local_;  // of the last connection that was answered
  uint64_t transports_ = 0;
};

TEST_F(TcpConnectionsTest, EndsWhatDoesNotBeginWithStunAtOnce) {
  TcpClient client(server_);
  client.SendRaw(AsBytes("GET / HTTP/1.1\r\n\r\n"));
  ASSERT_TRUE(TurnUntil([&] { return ended(TcpEnd::kNotStun) == 1; }));
  EXPECT_EQ(tcp_->status().connections, 0u);
  EXPECT_EQ(tcp_->status().accepted, 1u);
  (void)client.Receive();
  EXPECT_TRUE(client.closed());
}

TEST_F(TcpConnectionsTest, AnswersAFramedCheckOverTheSameConnection) {
  TcpClient client(server_);
  ASSERT_TRUE(Prove(client));
  const auto answers = client.Receive();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(LoadU16(answers[0].data()), 0x0101) << "a Binding success response";
  EXPECT_TRUE(TcpConnections::IsConnection(last_local_));
}

TEST_F(TcpConnectionsTest, EndsAConnectionThatNobodyProves) {
  TcpClient idle(server_);
  TcpClient used(server_);
  ASSERT_TRUE(Prove(used));
  ASSERT_EQ(tcp_->status().connections, 2u);
  const Timestamp begin = now_;
  while (now_ - begin < TcpConnections::kUnusedTimeout - TcpConnections::kSweepInterval) {
    now_ = tcp_->NextTimeout();
    tcp_->HandleTimeout(now_);
  }
  EXPECT_EQ(tcp_->status().connections, 2u);
  now_ = begin + TcpConnections::kUnusedTimeout;
  tcp_->HandleTimeout(now_);
  EXPECT_EQ(ended(TcpEnd::kUnused), 1u);
  EXPECT_EQ(tcp_->status().connections, 1u);
  (void)idle.Receive();
  EXPECT_TRUE(idle.closed());
}

TEST_F(TcpConnectionsTest, EndsAConnectionSomeTimeAfterItsTransport) {
  TcpClient client(server_);
  ASSERT_TRUE(Prove(client));
  now_ = now_ + TimeDelta::Seconds(60);
  tcp_->HandleTimeout(now_);
  ASSERT_EQ(tcp_->status().connections, 1u);
  worker_.CloseRouter(**worker_.FindRouter("room"));
  now_ = now_ + TcpConnections::kUnusedTimeout;
  tcp_->HandleTimeout(now_);
  EXPECT_EQ(tcp_->status().connections, 0u);
  EXPECT_EQ(tcp_->NextTimeout(), Timestamp::Never());
}

TEST_F(TcpConnectionsTest, ReplacesTheOldestStrangerAndKeepsWhoIsProven) {
  TcpClient proven(server_);
  ASSERT_TRUE(Prove(proven));
  std::list<TcpClient> strangers;
  for (size_t i = 0; i < TcpConnections::kMaxUnproven + 5; ++i) {
    now_ = now_ + TimeDelta::Millis(1);
    strangers.emplace_back(server_);
    ASSERT_TRUE(TurnUntil([&] { return tcp_->status().accepted == i + 2; }));
  }
  EXPECT_EQ(tcp_->status().connections, TcpConnections::kMaxUnproven + 1);
  EXPECT_EQ(ended(TcpEnd::kReplaced), 5u);
  EXPECT_EQ(ended(TcpEnd::kRefused), 0u);
  size_t i = 0;
  for (TcpClient& stranger : strangers) {
    (void)stranger.ReceiveWaiting();
    EXPECT_EQ(stranger.closed(), i < 5) << i;
    ++i;
  }
  EXPECT_TRUE(Prove(proven)) << "it is there and answers";
}

TEST_F(TcpConnectionsTest, ForgetsThePathOfAConnectionThatEnded) {
  std::optional<TcpClient> client(server_);
  ASSERT_TRUE(Prove(*client));
  const rtc::LocalSocket local = last_local_;
  const auto& session = (*(*worker_.FindRouter("room"))->FindTransport("1"))->session();
  client.reset();
  ASSERT_TRUE(TurnUntil([&] { return ended(TcpEnd::kPeer) == 1; }));
  EXPECT_FALSE(session.ice().selected());
  tcp_->Send(local, std::array<uint8_t, 4>{}, rtc::SendPriority::kControl);
  EXPECT_EQ(dropped(rtc::DropReason::kConnectionGone), 1u);
}

TEST_F(TcpConnectionsTest, DoesNotSendToANewConnectionWhatWasForAnEndedOne) {
  std::optional<TcpClient> first(server_);
  ASSERT_TRUE(Prove(*first));
  const rtc::LocalSocket old = last_local_;
  first.reset();
  ASSERT_TRUE(TurnUntil([&] { return ended(TcpEnd::kPeer) == 1; }));
  // Every slot is used once more.
  for (size_t i = 0; i < TcpConnections::kMaxConnections; ++i) {
    TcpClient each(server_);
    ASSERT_TRUE(TurnUntil([&] { return tcp_->status().accepted == i + 2; }));
    tcp_->Send(old, std::array<uint8_t, 4>{}, rtc::SendPriority::kControl);
    ASSERT_EQ(dropped(rtc::DropReason::kConnectionGone), i + 1);
    each.Reset();
    ASSERT_TRUE(TurnUntil([&] { return tcp_->status().connections == 0; }));
  }
}

TEST_F(TcpConnectionsTest, LosesVideoFirstAndControlLastForAReaderThatDoesNotRead) {
  TcpClient client(server_, 4096);
  ASSERT_TRUE(Prove(client));
  const std::vector<uint8_t> packet(1000);
  const auto fill = [&](rtc::SendPriority priority) {
    const uint64_t before = dropped(rtc::DropReason::kConnectionSlow);
    uint64_t sent = 0;
    for (; dropped(rtc::DropReason::kConnectionSlow) == before; ++sent) {
      tcp_->Send(last_local_, packet, priority);
      if (sent % 16 == 0) tcp_->Flush();
    }
    return sent - 1;
  };
  (void)fill(rtc::SendPriority::kVideo);
  EXPECT_LE(tcp_->queued(), TcpConnections::kVideoQueueBytes);
  EXPECT_GT(tcp_->queued(), TcpConnections::kVideoQueueBytes - 2000);
  EXPECT_GT(fill(rtc::SendPriority::kAudio), 0u);
  EXPECT_EQ(fill(rtc::SendPriority::kVideo), 0u) << "audio has taken what video may not";
  EXPECT_LE(tcp_->queued(), TcpConnections::kAudioQueueBytes);
  EXPECT_GT(fill(rtc::SendPriority::kControl), 0u);
  EXPECT_EQ(fill(rtc::SendPriority::kAudio), 0u);
  EXPECT_LE(tcp_->queued(), TcpConnections::kMaxQueueBytes);
  // Reading makes room again, without another Send: poll tells.
  while (tcp_->queued() > 0) {
    (void)client.ReceiveWaiting();
    (void)Turn(1);
  }
  EXPECT_GT(fill(rtc::SendPriority::kVideo), 0u);
}

TEST_F(TcpConnectionsTest, CountsWhatIsTooLargeAndTakesWhatFollows) {
  TcpClient client(server_);
  ASSERT_TRUE(Prove(client));
  (void)client.Receive();
  client.Send(std::vector<uint8_t>(rtc::kMaxPacketSize + 1));
  client.Send(std::vector<uint8_t>{});
  ASSERT_TRUE(Prove(client));
  EXPECT_EQ(dropped(rtc::DropReason::kTooLarge), 1u);
}

}  // namespace
}  // namespace confab::media
