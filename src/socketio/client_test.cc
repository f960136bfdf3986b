#include "socketio/client.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/serialize.hpp>

#include "base/testing/error_of.h"
#include "net/event.h"
#include "net/testing/loopback.h"
#include "socketio/server.h"

namespace confab::socketio {
namespace {

using net::RunOn;

class SocketIoClientTest : public testing::Test {
 protected:
  SocketIoClientTest() : server_(io_, Options()), http_(io_, server_, {}) {
    port_ = http_.Listen({})->port();
    server_.main().OnAuthorize([this](SocketPtr socket) -> asio::awaitable<Result<void>> {
      auth_ = boost::json::serialize(socket->handshake().auth);
      query_ = socket->handshake().query;
      if (auth_.find("bad") == auth_.npos) co_return Result<void>();
      co_return Fail(ErrorCode::kUnauthorized, "This token does not verify.");
    });
    server_.main().OnConnection([this](SocketPtr socket) {
      socket_ = socket;
      socket->On("echo", [](Arguments arguments, Acknowledge acknowledge) {
        acknowledge(std::move(arguments));
      });
      socket->On("silent", [this](Arguments, Acknowledge acknowledge) {
        kept_ = std::move(acknowledge);
        if (on_silent_) on_silent_();
      });
      socket->OnDisconnect([this](DisconnectReason reason) { reason_ = reason; });
    });
  }

  static ServerOptions Options() {
    ServerOptions options;
    options.engine.ping_interval = TimeDelta::Millis(20);
    options.engine.ping_timeout = TimeDelta::Seconds(20);
    return options;
  }
  ClientOptions To(uint16_t port) const {
    ClientOptions options;
    options.url = "http://127.0.0.1:" + std::to_string(port);
    options.connect_limit = TimeDelta::Seconds(30);
    options.call_limit = TimeDelta::Seconds(30);
    return options;
  }
  Result<std::unique_ptr<Client>> Connect(ClientOptions options) {
    return RunOn(io_, Client::Connect(std::move(options)));
  }
  std::unique_ptr<Client> Connected() { return Connected(To(port_)); }
  std::unique_ptr<Client> Connected(ClientOptions options) {
    auto client = Connect(std::move(options));
    if (!client) throw std::runtime_error(client.error().message);
    return std::move(*client);
  }
  Result<ClientEvent> Next(Client& client) { return RunOn(io_, client.Next()); }
  Result<Arguments> Call(Client& client, const char* event, Arguments arguments) {
    return RunOn(io_, client.Call(event, std::move(arguments)));
  }
  void Await(asio::awaitable<void> work) {
    const auto waiting = [&]() -> asio::awaitable<bool> {
      co_await std::move(work);
      co_return true;
    };
    RunOn(io_, waiting());
  }
  asio::io_context io_;
  Server server_;
  net::HttpServer http_;
  uint16_t port_ = 0;
  std::string auth_;
  std::string query_;
  SocketPtr socket_;
  Acknowledge kept_;
  std::function<void()> on_silent_;
  std::optional<DisconnectReason> reason_;
};

std::string TextOf(const Result<Arguments>& arguments) {
  return arguments ? boost::json::serialize(arguments->values) : arguments.error().message;
}

TEST_F(SocketIoClientTest, ConnectsWithItsAuth) {
  ClientOptions options = To(port_);
  options.auth = {{"token", "t"}};
  const auto client = Connected(std::move(options));
  EXPECT_TRUE(client->is_connected());
  EXPECT_EQ(auth_, R"({"token":"t"})");
}

TEST_F(SocketIoClientTest, BringsItsQuery) {
  ClientOptions options = To(port_);
  options.query = "room=a%20b";
  const auto client = Connected(std::move(options));
  EXPECT_TRUE(query_.ends_with("&room=a%20b")) << query_;
}

TEST_F(SocketIoClientTest, ReturnsTheServersRefusalWithItsCode) {
  ClientOptions options = To(port_);
  options.auth = {{"token", "bad"}};
  const auto client = Connect(std::move(options));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error(), (Error{ErrorCode::kUnauthorized, "This token does not verify."}));
}

TEST_F(SocketIoClientTest, SaysThatNobodyListens) {
  asio::ip::tcp::acceptor closed(io_, {asio::ip::address_v4::loopback(), 0});
  const uint16_t port = closed.local_endpoint().port();
  closed.close();
  const auto client = Connect(To(port));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(client.error().message, "Cannot connect to 127.0.0.1:" + std::to_string(port) +
                                        ": Connection refused; check that the server runs at "
                                        "this address.");
}

TEST_F(SocketIoClientTest, RefusesAddressesThatItCannotUse) {
  for (const char* url : {"", "localhost", "http://", "https://localhost", "ftp://localhost",
                          "http://localhost/room", "http://local host", "http://h:0"}) {
    ClientOptions options = To(port_);
    options.url = url;
    const auto client = Connect(std::move(options));
    ASSERT_FALSE(client) << url;
    EXPECT_EQ(client.error().code, ErrorCode::kInvalidMessage) << url;
  }
}

TEST_F(SocketIoClientTest, CallsAndGetsTheAcknowledgement) {
  const auto client = Connected();
  EXPECT_EQ(TextOf(Call(*client, "echo", Arguments{1, "two"})), R"([1,"two"])");
  EXPECT_EQ(TextOf(Call(*client, "echo", Arguments{})), "[]");
}

TEST_F(SocketIoClientTest, GivesEventsInTheirOrder) {
  const auto client = Connected();
  for (int i = 0; i < 100; ++i) socket_->Emit("count", {i});
  for (int i = 0; i < 100; ++i) {
    const auto event = Next(*client);
    ASSERT_TRUE(event) << event.error().message;
    EXPECT_EQ(event->name, "count");
    EXPECT_EQ(event->arguments.At(0), i);
    EXPECT_FALSE(event->ack_id);
  }
}

TEST_F(SocketIoClientTest, AnswersAnEventThatWantsAnAcknowledgement) {
  const auto client = Connected();
  net::Event answered(io_.get_executor());
  Result<Arguments> answer;
  const auto on_ack = [&](Result<Arguments> result) {
    answer = std::move(result);
    answered.Set();
  };
  socket_->Emit("question", {}, on_ack, TimeDelta::Seconds(30));
  const auto event = Next(*client);
  ASSERT_TRUE(event && event->ack_id);
  client->Acknowledge(*event->ack_id, {42});
  Await(answered.Wait());
  EXPECT_EQ(TextOf(answer), "[42]");
}

TEST_F(SocketIoClientTest, CarriesBinaryBothWays) {
  const auto client = Connected();
  Arguments sent{"first"};
  sent.values.push_back(sent.Attach({0, 255}));
  sent.values.push_back(boost::json::array{sent.Attach({})});
  const auto answer = Call(*client, "echo", sent);
  ASSERT_TRUE(answer) << answer.error().message;
  const Blob* blob = answer->Binary(answer->At(1));
  ASSERT_TRUE(blob);
  EXPECT_EQ(*blob, (Blob{0, 255}));
  EXPECT_EQ(answer->attachments.size(), 2u);
  socket_->Emit("blob", sent);
  const auto event = Next(*client);
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_EQ(event->arguments.attachments, sent.attachments);
}

TEST_F(SocketIoClientTest, AnswersPingsWhileNothingElseHappens) {
  const auto client = Connected();
  const auto answered_pings = [&]() -> asio::awaitable<bool> {
    // CONNECT is the first packet; every later one is a pong.
    const uint64_t connect = server_.counters().packets_in;
    net::Event tick(io_.get_executor());
    while (server_.counters().packets_in < connect + 4 && client->is_connected()) {
      co_await tick.Wait(TimeDelta::Millis(1));
    }
    co_return client->is_connected();
  };
  EXPECT_TRUE(RunOn(io_, answered_pings()));
  EXPECT_EQ(server_.counters().ping_timeouts, 0u);
}

TEST_F(SocketIoClientTest, TellsNextAndCallsThatTheServerClosed) {
  const auto client = Connected();
  on_silent_ = [this] {
    socket_->Emit("last");
    server_.Stop();
  };
  const auto answer = Call(*client, "silent", {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(answer.error().message.starts_with("The connection to the server ended"))
      << answer.error().message;
  EXPECT_FALSE(client->is_connected());
  const auto last = Next(*client);
  ASSERT_TRUE(last) << "what came before the end is still given";
  EXPECT_EQ(last->name, "last");
  EXPECT_EQ(ErrorOf(Next(*client)), answer.error());
  EXPECT_EQ(ErrorOf(Call(*client, "echo", {})), answer.error());
  client->Emit("nobody");
}

TEST_F(SocketIoClientTest, TellsOfADisconnect) {
  const auto client = Connected();
  socket_->Disconnect();
  EXPECT_EQ(ErrorOf(Next(*client)).message, "The server disconnected this client.");
}

TEST_F(SocketIoClientTest, EndsACallAtItsLimitAndStaysConnected) {
  ClientOptions options = To(port_);
  options.call_limit = TimeDelta::Millis(20);
  const auto client = Connected(std::move(options));
  EXPECT_EQ(TextOf(Call(*client, "silent", {})), "The server did not answer \"silent\" in time.");
  kept_({"late"});
  socket_->Emit("after");
  EXPECT_EQ(Next(*client)->name, "after");
}

TEST_F(SocketIoClientTest, EndsWhereNobodyFetchesTheEvents) {
  ClientOptions options = To(port_);
  options.max_waiting_events = 2;
  const auto client = Connected(std::move(options));
  on_silent_ = [this] {
    for (int i = 0; i < 3; ++i) socket_->Emit("count", {i});
  };
  const std::string why = "Too many events wait: this client does not fetch them.";
  EXPECT_EQ(TextOf(Call(*client, "silent", {})), why);
  EXPECT_EQ(Next(*client)->arguments.At(0), 0);
  EXPECT_EQ(Next(*client)->arguments.At(0), 1);
  EXPECT_EQ(ErrorOf(Next(*client)).message, why);
}

TEST_F(SocketIoClientTest, EndsWhereTooMuchWaitsToBeSent) {
  ClientOptions options = To(port_);
  options.max_queued_bytes = 10'000;
  const auto client = Connected(std::move(options));
  for (int i = 0; i < 20; ++i) client->Emit("block", {std::string(1000, 'x')});
  EXPECT_EQ(ErrorOf(Next(*client)).message, "The server does not read: too much waits to be sent.");
}

TEST_F(SocketIoClientTest, RefusesCallsBeyondTheirNumber) {
  ClientOptions options = To(port_);
  options.max_calls = 0;
  const auto client = Connected(std::move(options));
  EXPECT_EQ(ErrorOf(Call(*client, "echo", {})).code, ErrorCode::kLimitExceeded);
}

TEST_F(SocketIoClientTest, LeavesAndClosesOfItsOwnWill) {
  const auto client = Connected();
  client->Emit("silent");
  Await(client->Close());
  EXPECT_EQ(reason_, DisconnectReason::kClientDisconnect);
  EXPECT_FALSE(kept_.wanted()) << "the event before the end has arrived";
  EXPECT_EQ(ErrorOf(Next(*client)).message, "This client closed the connection.");
  Await(client->Close());
}

TEST_F(SocketIoClientTest, MayBeDestroyedWhileCoroutinesWait) {
  auto client = Connected();
  Result<ClientEvent> event;
  const auto next = [](Client& from, Result<ClientEvent>& to) -> asio::awaitable<void> {
    to = co_await from.Next();
  };
  asio::co_spawn(io_, next(*client, event), asio::detached);
  on_silent_ = [&] { client.reset(); };
  EXPECT_EQ(TextOf(Call(*client, "silent", {})), "The client was given up.");
  io_.restart();
  io_.poll();
  ASSERT_FALSE(event);
  EXPECT_EQ(event.error().message, "The client was given up.");
}

TEST_F(SocketIoClientTest, MayBeLeftWaitingAtTheEndOfItsThread) {
  std::unique_ptr<Client> client;
  bool waits = false;
  const auto work = [&](ClientOptions options) -> asio::awaitable<void> {
    auto connected = co_await Client::Connect(std::move(options));
    client = std::move(*connected);
    waits = true;
    const auto event = co_await client->Next();
    waits = event.has_value();
  };
  asio::co_spawn(io_, work(To(port_)), asio::detached);
  io_.restart();
  while (!waits) io_.run_one();
  io_.poll();
  EXPECT_TRUE(waits);
}

}  // namespace
}  // namespace confab::socketio
