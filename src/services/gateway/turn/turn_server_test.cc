#include "services/gateway/turn/turn_server.h"

#include <gtest/gtest.h>

namespace confab::gateway {
namespace {

using Transport = TurnUrl::Transport;

TEST(TurnUrl, ReadsHostPortAndTransport) {
  const auto url = TurnUrl::Parse("turn:turn.example.org:3479?transport=tcp");
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_EQ(url->host, "turn.example.org");
  EXPECT_EQ(url->port, 3479);
  EXPECT_EQ(url->transport, Transport::kTcp);
  EXPECT_EQ(TurnUrl::Parse("turn:192.0.2.1")->port, 3478);
  EXPECT_EQ(TurnUrl::Parse("turn:192.0.2.1")->transport, Transport::kUdp);
  EXPECT_EQ(TurnUrl::Parse("turns:192.0.2.1")->port, 5349);
  EXPECT_EQ(TurnUrl::Parse("turns:192.0.2.1?transport=tcp")->transport, Transport::kTls);
  EXPECT_EQ(TurnUrl::Parse("turn:[2001:db8::1]:3478")->host, "2001:db8::1");
}

TEST(TurnUrl, RefusesWhatIsNone) {
  for (const char* text :
       {"", "turn:", "stun:a", "turn:a:0", "turn:a:65536", "turn:a:x", "turn:a:1x", "turn:[::1",
        "turn:a?transport=sctp", "turns:a?transport=udp", "turn:a b", "turn:a/b", "turn://a"}) {
    const auto url = TurnUrl::Parse(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, ErrorCode::kInvalidConfiguration);
  }
}

TEST(TurnServer, HasARegionAndSeveralUrls) {
  const auto server =
      TurnServer::Parse("eu=turn:a.example?transport=udp  turns:a.example?transport=tcp");
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(server->region, "eu");
  ASSERT_EQ(server->urls.size(), 2u);
  EXPECT_EQ(server->urls[0].text, "turn:a.example?transport=udp");
  EXPECT_EQ(TurnServer::Parse("turn:a.example?transport=udp")->region, "");
  EXPECT_FALSE(TurnServer::Parse("eu="));
  EXPECT_FALSE(TurnServer::Parse(" "));
}

}  // namespace
}  // namespace confab::gateway
