#include "services/gateway/turn/turn_watch.h"

#include <gtest/gtest.h>

#include <set>

namespace confab::gateway {
namespace {

TurnServer Server(const std::string& host, const std::string& region = "") {
  return *TurnServer::Parse((region.empty() ? "" : region + "=") + "turn:" + host);
}

class TurnWatchTest : public testing::Test {
 protected:
  // Asks until each server was asked `rounds` times.
  std::vector<std::string> OfferedAfter(int rounds, std::vector<TurnServer> servers) {
    const size_t enough = servers.size() * static_cast<size_t>(rounds);
    TurnWatch watch(io_, std::move(servers), {.region = "eu", .interval = TimeDelta::Micros(1)},
                    [&](TurnUrl url, TimeDelta) -> asio::awaitable<bool> {
                      if (++asked_ >= enough) io_.stop();
                      co_return away_.count(url.host) == 0;
                    });
    watch.Start();
    io_.run();
    std::vector<std::string> hosts;
    for (const TurnServer& server : watch.Offered()) hosts.push_back(server.urls.front().host);
    return hosts;
  }

  asio::io_context io_{1};
  std::set<std::string> away_;
  size_t asked_ = 0;
};

using Hosts = std::vector<std::string>;

TEST_F(TurnWatchTest, OffersTheOwnRegionFirst) {
  EXPECT_EQ(OfferedAfter(1, {Server("a", "us"), Server("b", "eu"), Server("c"), Server("d", "eu")}),
            (Hosts{"b", "d", "a", "c"}));
}

TEST_F(TurnWatchTest, LeavesOutWhoDoesNotAnswerTwice) {
  away_ = {"a"};
  EXPECT_EQ(OfferedAfter(4, {Server("a", "eu"), Server("b")}), Hosts{"b"});
}

TEST_F(TurnWatchTest, OffersEveryoneWhereNobodyAnswers) {
  away_ = {"a", "b"};
  EXPECT_EQ(OfferedAfter(4, {Server("b"), Server("a", "eu")}), (Hosts{"a", "b"}));
}

}  // namespace
}  // namespace confab::gateway
