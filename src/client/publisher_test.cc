// What a publisher makes of a server that is not confab, or means no good. With a real one:
// tests/e2e/publish.test.mjs.
#include "client/publisher.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <stdexcept>

#include "base/testing/error_of.h"
#include "client/signaling/json_fields.h"
#include "net/testing/loopback.h"
#include "rtc/rtcp/sdes.h"
#include "socketio/server.h"

namespace confab::client {
namespace {

namespace json = boost::json;

class PublisherTest : public testing::Test {
 protected:
  PublisherTest() : server_(io_, {}), http_(io_, server_, {}) {
    port_ = http_.Listen({})->port();
    server_.main().OnConnection([this](socketio::SocketPtr socket) {
      if (welcome_) socket->Emit("welcome", {*welcome_});
      socket->On("joinRoom", [this](socketio::Arguments, socketio::Acknowledge acknowledge) {
        acknowledge({join_reply_});
      });
      socket->On("closeTransport", [this](socketio::Arguments asked, socketio::Acknowledge done) {
        closed_.emplace_back(TextOf(asked.At(0), "transportId"));
        done({json::value(json::object())});
        Tell("closeAsked", {});
      });
    });
  }

  std::string WhyItCannotJoin() {
    PublisherOptions options;
    options.url = "http://127.0.0.1:" + std::to_string(port_);
    options.room = "room";
    options.token = "token";
    options.clip = std::make_shared<const EncodedClip>(
        EncodedClip{.frame_interval = TimeDelta::Millis(50), .frames = {{{0}, true}}});
    options.join_limit = limit_;
    const auto joined = net::RunOn(io_, Publisher::Join(std::move(options), certificate_, random_));
    return joined ? "it joined" : joined.error().message;
  }

  void Tell(std::string_view event, const json::value& payload) {
    server_.main().ToAll().Emit(event, {payload});
  }
  void TellClosed(std::string_view transport_id) {
    Tell("transportClosed", {{"transportId", transport_id}, {"reason", "ice-timeout"}});
  }

  std::shared_ptr<RoomConnection> Enter() { return net::RunOn(io_, Entered()); }
  asio::awaitable<std::shared_ptr<RoomConnection>> Entered() {
    RoomOptions options;
    options.url = "http://127.0.0.1:" + std::to_string(port_);
    options.room = "room";
    options.token = "token";
    auto room = co_await RoomConnection::Connect(std::move(options));
    if (!room) throw std::runtime_error(room.error().message);
    const auto joined = co_await (*room)->Join();
    if (!joined) throw std::runtime_error(joined.error().message);
    co_return *room;
  }

  // Until the room has heard an event of that name, and all before it.
  void Hear(RoomConnection& room, std::string name) {
    EXPECT_TRUE(net::RunOn(io_, Heard(room, std::move(name))));
  }
  asio::awaitable<bool> Heard(RoomConnection& room, std::string name) {
    net::Event heard(io_.get_executor());
    room.set_event_handler([&heard, &name](const socketio::ClientEvent& event) {
      if (event.name == name) heard.Set();
    });
    co_await heard.Wait();
    room.set_event_handler(nullptr);
    co_return heard.is_set();
  }

  void Leave(RoomConnection& room) { EXPECT_TRUE(net::RunOn(io_, Left(room))); }
  asio::awaitable<bool> Left(RoomConnection& room) {
    co_await room.Leave();
    co_return true;
  }

  asio::io_context io_;
  socketio::Server server_;
  net::HttpServer http_;
  uint16_t port_ = 0;
  rtc::DtlsCertificate certificate_ = *rtc::DtlsCertificate::Generate();
  SecureRandom random_;
  TimeDelta limit_ = TimeDelta::Seconds(20);
  std::optional<json::value> welcome_ =
      json::parse(R"({"routerRtpCapabilities": {"codecs": [], "headerExtensions": []}})");
  json::value join_reply_ = {{"participantId", "p1"}};
  std::vector<std::string> closed_;  // transports that the server was asked to close
};

TEST_F(PublisherTest, GivesUpOnAServerThatDoesNotWelcome) {
  welcome_.reset();
  limit_ = TimeDelta::Millis(300);
  EXPECT_EQ(WhyItCannotJoin(), "the server does not welcome: is it confab?");
}

TEST_F(PublisherTest, TellsTheServersRefusal) {
  join_reply_ = json::parse(R"({"error": {"code": "room_full", "message": "This room is full."}})");
  EXPECT_EQ(WhyItCannotJoin(), "joinRoom: This room is full.");
}

TEST_F(PublisherTest, RefusesAnIdThatIsNoCname) {
  constexpr const char* kSentence = "joinRoom: the answer has no usable participantId";
  for (const json::value& reply :
       {json::value(json::object()), json::value{{"participantId", 5}},
        json::value{{"participantId", std::string(rtc::Sdes::kMaxCnameSize + 1, 'x')}}}) {
    join_reply_ = reply;
    EXPECT_EQ(WhyItCannotJoin(), kSentence);
  }
}

TEST_F(PublisherTest, DoesNotGoOnWithoutATransport) {
  EXPECT_EQ(WhyItCannotJoin(),
            "createWebRtcTransport: There is no event 'createWebRtcTransport' here.");
}

TEST_F(PublisherTest, ARoomEndsWithItsOwnTransportsAlone) {
  const auto room = Enter();
  room->Own("mine");
  TellClosed("another");
  Tell("done", {});
  Hear(*room, "done");
  EXPECT_FALSE(room->ended().is_set());
  TellClosed("mine");
  Hear(*room, "transportClosed");
  EXPECT_TRUE(room->ended().is_set());
  EXPECT_EQ(ErrorOf(room->reason()).message, "the server closed the transport: ice-timeout");
  Leave(*room);
}

TEST_F(PublisherTest, ARoomThatGoesOnLetsGoOfItsTransports) {
  const auto room = Enter();
  room->Own("closed");
  room->Own("open");
  TellClosed("closed");
  Hear(*room, "transportClosed");
  ASSERT_TRUE(room->GoOn());
  Hear(*room, "closeAsked");
  EXPECT_THAT(closed_, testing::ElementsAre("open"));
  TellClosed("open");
  Hear(*room, "transportClosed");
  EXPECT_FALSE(room->ended().is_set());
  Leave(*room);
}

}  // namespace
}  // namespace confab::client
