// What a publisher makes of a server that is not confab, or means no good. With a real one:
// tests/e2e/publish.test.mjs.
#include "client/publisher.h"

#include <boost/json/parse.hpp>

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

}  // namespace
}  // namespace confab::client
