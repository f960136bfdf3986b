#include "services/gateway/signaling_watch.h"

#include <gtest/gtest.h>

#include "net/http_server.h"

namespace confab::gateway {
namespace {

// Answers as a signaling instance does that is ready or not.
class Ready final : public net::HttpHandler {
 public:
  explicit Ready(unsigned status) : status_(status) {}
  asio::awaitable<net::HttpResponse> Handle(net::HttpRequest&) override {
    co_return net::TextResponse(status_, "");
  }

 private:
  unsigned status_;
};

class SignalingWatchTest : public testing::Test {
 protected:
  static discovery::Instance Signaling(const std::string& id, uint16_t port) {
    return {.service = discovery::ServiceKind::kSignaling,
            .id = id,
            .host = "127.0.0.1",
            .http_port = port};
  }
  ReadyReport::Part Part(size_t i) const { return watch_.Report().parts.at(i); }
  template <typename Condition>
  void RunUntil(Condition condition) {
    while (!condition()) ASSERT_GT(io_.run_one_for(std::chrono::seconds(10)), 0u);
  }

  asio::io_context io_{1};
  Ready ready_{200};
  Ready busy_{503};
  net::HttpServer ready_server_{io_, ready_, {}};
  net::HttpServer busy_server_{io_, busy_, {}};
  SignalingWatch watch_{io_};
};

TEST_F(SignalingWatchTest, KnowsNobodyAtFirst) {
  EXPECT_FALSE(watch_.Report().is_ready());
  EXPECT_EQ(Part(0).reason, "No signaling instance is known.");
}

TEST_F(SignalingWatchTest, TellsSignalingThatAnswersFromMediaThatIsMissing) {
  watch_.Set({Signaling("s1", busy_server_.Listen({})->port())});
  RunUntil([&] { return Part(0).is_ready; });
  EXPECT_FALSE(Part(1).is_ready);
  EXPECT_EQ(Part(1).reason, "No signaling instance reaches a media instance.");
}

TEST_F(SignalingWatchTest, IsReadyWhereOneIs) {
  watch_.Set({Signaling("s1", busy_server_.Listen({})->port()),
              Signaling("s2", ready_server_.Listen({})->port()), Signaling("s3", 1)});
  RunUntil([&] { return watch_.Report().is_ready(); });
}

TEST_F(SignalingWatchTest, ForgetsTheAnswerOfWhoIsNotKnownAnyMore) {
  watch_.Set({Signaling("s2", ready_server_.Listen({})->port())});
  RunUntil([&] { return watch_.Report().is_ready(); });
  watch_.Set({});
  EXPECT_FALSE(watch_.Report().is_ready());
}

}  // namespace
}  // namespace confab::gateway
