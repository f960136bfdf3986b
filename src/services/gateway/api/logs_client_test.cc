#include "services/gateway/api/logs_client.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "net/testing/loopback.h"

namespace confab::gateway {
namespace {

using net::HttpRequest, net::HttpResponse;
using ::testing::HasSubstr;

// A log viewer that gives one answer.
struct FakeViewer {
  FakeViewer(asio::io_context& io, std::string name, HttpResponse response)
      : handler([this, response = std::move(response)](
                    HttpRequest& request) -> asio::awaitable<HttpResponse> {
          asked.push_back(request);
          co_return response;
        }),
        server(io, handler, {}) {
    const auto address = server.Listen({});
    instance = {.service = discovery::ServiceKind::kLogs,
                .id = std::move(name),
                .host = "127.0.0.1",
                .http_port = address ? address->port() : uint16_t{0}};
  }

  std::vector<HttpRequest> asked;
  net::FunctionHandler handler;
  net::HttpServer server;
  discovery::Instance instance;
};

HttpResponse NoSuchRoom() {
  return net::ErrorResponse({ErrorCode::kRoomNotFound, "No line of this room is kept."}, "e1");
}

class LogsClientTest : public ::testing::Test {
 protected:
  Result<std::string> Explain(std::vector<discovery::Instance> viewers) {
    LogsClient client;
    client.SetPeers(std::move(viewers));
    ExplainQuestion question{.room = "quiet-harbor",
                             .at = "2026-01-31T23:59:59Z",
                             .token = "t0ken",
                             .trace = "4bf92f3577b34da6a3ce929d0e0e4736"};
    return net::RunOn(io_, client.Explain(std::move(question)));
  }

  asio::io_context io_{1};
};

TEST_F(LogsClientTest, BringsTheTokenAndTheTraceAndGivesTheAnswerAsItCame) {
  FakeViewer viewer(io_, "logs-1", net::JsonResponse(200, R"({"room":"x"})"));
  EXPECT_EQ(Explain({viewer.instance}), R"({"room":"x"})");
  ASSERT_EQ(viewer.asked.size(), 1u);
  const HttpRequest& asked = viewer.asked.front();
  EXPECT_EQ(asked.target, "/api/v1/logs/rooms/quiet-harbor?at=2026-01-31T23:59:59Z");
  EXPECT_EQ(asked.headers.Value("Authorization"), "Bearer t0ken");
  EXPECT_EQ(asked.trace, "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST_F(LogsClientTest, GivesEachQuestionAnIdOfItsOwnWithinTheTrace) {
  FakeViewer viewer(io_, "logs-1", net::JsonResponse(200, "{}"));
  ASSERT_TRUE(Explain({viewer.instance}));
  ASSERT_TRUE(Explain({viewer.instance}));
  ASSERT_EQ(viewer.asked.size(), 2u);
  EXPECT_EQ(viewer.asked[0].trace, viewer.asked[1].trace);
  EXPECT_NE(viewer.asked[0].headers.Value("traceparent"),
            viewer.asked[1].headers.Value("traceparent"));
}

TEST_F(LogsClientTest, SaysWhatToDoWhereNoViewerIsKnown) {
  const auto told = Explain({});
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(told.error().message, HasSubstr("discovery.logs"));
}

TEST_F(LogsClientTest, AsksTheNextViewerWhereOneIsAwayOrHasNoLineOfTheRoom) {
  FakeViewer empty(io_, "logs-1", NoSuchRoom());
  FakeViewer knowing(io_, "logs-3", net::JsonResponse(200, "{}"));
  discovery::Instance away = empty.instance;
  away.id = "logs-2";
  away.http_port = 1;
  EXPECT_EQ(Explain({empty.instance, away, knowing.instance}), "{}");
  const auto told = Explain({empty.instance, away});
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error(), (Error{ErrorCode::kRoomNotFound, "No line of this room is kept."}));
}

TEST_F(LogsClientTest, TakesNothingForAnExplanationThatIsNone) {
  HttpResponse page = net::TextResponse(200, "hello");
  HttpResponse large = net::JsonResponse(200, std::string(LogsClient::kMaxAnswerBytes + 1, ' '));
  HttpResponse broken = net::JsonResponse(404, std::string(1000, '['));
  HttpResponse refused =
      net::ErrorResponse({ErrorCode::kUnauthorized, "The token does not verify."}, "e1");
  for (const HttpResponse& response : {page, large, broken, refused}) {
    FakeViewer viewer(io_, "logs-1", response);
    const auto told = Explain({viewer.instance});
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(told.error().message, HasSubstr("The log viewer logs-1"));
  }
}

}  // namespace
}  // namespace confab::gateway
