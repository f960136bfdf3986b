#include "socketio/server.h"

#include <boost/json/parse.hpp>
#include <stdexcept>

#include "net/http_fetch.h"
#include "net/testing/loopback.h"
#include "socketio/engine_packet.h"

namespace confab::socketio {
namespace {

using net::RunOn;

// One client that polls by hand: every step is visible. WebSockets and stock clients are in
// tests/conformance.
class SocketIoServerTest : public testing::Test {
 protected:
  SocketIoServerTest() : server_(io_, Options()), http_(io_, server_, {}) {
    port_ = http_.Listen({})->port();
    server_.main().OnConnection([this](SocketPtr socket) {
      socket_ = socket;
      socket->On("echo", [](Arguments arguments, Acknowledge acknowledge) {
        acknowledge(std::move(arguments));
      });
      socket->OnDisconnect([this](DisconnectReason reason) { reason_ = reason; });
    });
  }

  static ServerOptions Options() {
    ServerOptions options;
    options.engine.instance_id = "test";
    options.engine.max_queued_bytes = 10'000;
    return options;
  }

  std::string Fetch(const std::string& sid, net::HttpFetchOptions options) {
    std::string url =
        "http://127.0.0.1:" + std::to_string(port_) + "/socket.io/?EIO=4&transport=polling";
    if (!sid.empty()) url += "&sid=" + sid;
    options.timeout = TimeDelta::Seconds(30);
    const auto response = RunOn(io_, net::HttpFetch(url, options));
    if (!response) return response.error().message;
    return response->status == 200 ? response->body : std::to_string(response->status);
  }

  std::string Open() {
    const std::string open = Fetch("", {});
    return std::string(boost::json::parse(open.substr(1)).at("sid").as_string());
  }
  std::string Poll(const std::string& sid) { return Fetch(sid, {}); }
  std::string Post(const std::string& sid, const std::string& body) {
    net::HttpFetchOptions options;
    options.method = "POST";
    options.body = body;
    return Fetch(sid, options);
  }
  // A session that has joined "/"; `socket_` is its socket.
  std::string Connected() {
    const std::string sid = Open();
    EXPECT_EQ(Post(sid, "40"), "ok");
    EXPECT_TRUE(Poll(sid).starts_with("40{\"sid\":"));
    return sid;
  }

  asio::io_context io_;
  Server server_;
  net::HttpServer http_;
  uint16_t port_ = 0;
  SocketPtr socket_;
  std::optional<DisconnectReason> reason_;
};

TEST_F(SocketIoServerTest, AnswersEventsInTheirOrder) {
  const std::string sid = Connected();
  EXPECT_TRUE(sid.starts_with("test.")) << sid;
  EXPECT_EQ(Post(sid,
                 "420[\"echo\",1]\x1e"
                 "421[\"echo\",2]\x1e"
                 "42[\"echo\",3]"),
            "ok");
  EXPECT_EQ(Poll(sid),
            "430[1]\x1e"
            "431[2]");
}

TEST_F(SocketIoServerTest, CountsHandlersThatThrowAndPacketsForANamespaceThatWasLeft) {
  const std::string sid = Connected();
  socket_->On("throw", [](Arguments, Acknowledge) { throw std::runtime_error("on purpose"); });
  EXPECT_EQ(Post(sid, "421[\"throw\"]"), "ok");
  EXPECT_EQ(server_.counters().handler_exceptions, 1u);
  EXPECT_EQ(server_.counters().dropped_events, 0u);
  socket_->Disconnect();
  EXPECT_EQ(Post(sid, "42[\"echo\"]"), "ok");
  EXPECT_EQ(server_.counters().handler_exceptions, 1u);
  EXPECT_EQ(server_.counters().dropped_events, 1u);
}

TEST_F(SocketIoServerTest, BroadcastsToRooms) {
  const std::string a = Connected();
  socket_->Join("red");
  const std::string b = Connected();
  server_.main().To("red").Emit("hi", {1});
  server_.main().ToAll().Except("red").Emit("ho");
  EXPECT_EQ(Poll(a), "42[\"hi\",1]");
  EXPECT_EQ(Poll(b), "42[\"ho\"]");
  EXPECT_EQ(server_.main().In("red").size(), 1u);
  EXPECT_EQ(server_.main().size(), 2u);
  EXPECT_EQ(server_.main().Find(socket_->id()), socket_);
}

TEST_F(SocketIoServerTest, EndsAClientThatNeverReads) {
  Connected();
  for (int i = 0; i < 20; ++i) socket_->Emit("block", {std::string(1000, 'x')});
  EXPECT_FALSE(reason_) << "not inside the call";
  io_.restart();
  io_.poll();
  EXPECT_EQ(reason_, DisconnectReason::kSlowReader);
  EXPECT_FALSE(socket_->is_connected());
  EXPECT_EQ(server_.counters().slow_readers, 1u);
  EXPECT_EQ(server_.counters().sessions, 0u);
}

TEST_F(SocketIoServerTest, CountsWhatSmallFramesTakeBesidesTheirData) {
  Connected();
  for (int i = 0; i < 100; ++i) socket_->Emit("x", {});
  io_.restart();
  io_.poll();
  EXPECT_EQ(reason_, DisconnectReason::kSlowReader);
}

TEST_F(SocketIoServerTest, FailsOwedAcknowledgementsAtTheDisconnect) {
  const std::string sid = Connected();
  Result<Arguments> answer;
  const auto on_ack = [&](Result<Arguments> result) { answer = std::move(result); };
  socket_->Emit("question", {}, on_ack, TimeDelta::Seconds(60));
  EXPECT_EQ(Poll(sid), "420[\"question\"]");
  EXPECT_EQ(Post(sid, "1"), "ok");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(reason_, DisconnectReason::kTransportClose);
}

TEST_F(SocketIoServerTest, KeepsAnAcknowledgementQuietAfterTheDisconnect) {
  const std::string sid = Connected();
  Acknowledge kept;
  socket_->On("keep", [&](Arguments, Acknowledge acknowledge) { kept = std::move(acknowledge); });
  EXPECT_EQ(Post(sid, "429[\"keep\"]"), "ok");
  EXPECT_TRUE(kept.wanted());
  socket_->Disconnect();
  EXPECT_FALSE(kept.wanted());
  kept({1});
  EXPECT_EQ(Poll(sid), "41");
  EXPECT_EQ(reason_, DisconnectReason::kServerDisconnect);
}

TEST_F(SocketIoServerTest, SurvivesAHandlerThatEndsItsOwnSocket) {
  const std::string sid = Connected();
  socket_->On("end", [this, big = std::string(100, 'x')](Arguments, Acknowledge acknowledge) {
    socket_->On("end", [](Arguments, Acknowledge) {});
    socket_->Disconnect(Socket::DisconnectScope::kConnection);
    acknowledge({big});
  });
  EXPECT_EQ(Post(sid, "421[\"end\"]"), "ok");
  EXPECT_EQ(Poll(sid), "1") << "the close packet waits for one more poll";
  EXPECT_EQ(Poll(sid), "400");
}

TEST_F(SocketIoServerTest, RefusesEverybodyOnceStopped) {
  Connected();
  server_.Stop();
  EXPECT_EQ(reason_, DisconnectReason::kShuttingDown);
  EXPECT_EQ(Fetch("", {}), "503");
}

}  // namespace
}  // namespace confab::socketio
