#include "client/signaling/invitation.h"

#include <gtest/gtest.h>

#include <deque>

#include "base/testing/error_of.h"
#include "net/http_server.h"
#include "net/testing/loopback.h"

namespace confab::client {
namespace {

// Answers each request with the next of its answers.
class Gateway final : public net::HttpHandler {
 public:
  asio::awaitable<net::HttpResponse> Handle(net::HttpRequest& request) override {
    asked.push_back(request.method + " " + request.path);
    net::HttpResponse answer = std::move(answers.front());
    answers.pop_front();
    co_return answer;
  }

  std::deque<net::HttpResponse> answers;
  std::vector<std::string> asked;
};

class InvitationTest : public testing::Test {
 protected:
  InvitationTest() : http_(io_, gateway_, {}) { port_ = http_.Listen({})->port(); }

  Result<std::string> Fetch(TimeDelta limit = TimeDelta::Seconds(20)) {
    return net::RunOn(
        io_, FetchInvitation("http://127.0.0.1:" + std::to_string(port_) + "/", "a room", limit));
  }

  asio::io_context io_;
  Gateway gateway_;
  net::HttpServer http_;
  uint16_t port_ = 0;
};

TEST_F(InvitationTest, AsksForTheRoomAndTakesTheToken) {
  gateway_.answers.push_back(net::JsonResponse(201, R"({"token":"t1"})"));
  EXPECT_EQ(Fetch(), "t1");
  EXPECT_EQ(gateway_.asked, std::vector<std::string>{"POST /api/v1/rooms/a%20room/guest-tokens"});
}

TEST_F(InvitationTest, AsksAgainWhenItWasToldToWait) {
  gateway_.answers.push_back(net::JsonResponse(
      429, R"({"error":{"code":"rate_limited","message":"slow down","retry_after_ms":1}})"));
  gateway_.answers.push_back(net::JsonResponse(201, R"({"token":"t2"})"));
  EXPECT_EQ(Fetch(), "t2");
}

TEST_F(InvitationTest, GivesUpWhereTheWaitWouldBeTooLong) {
  gateway_.answers.push_back(net::JsonResponse(
      429, R"({"error":{"code":"rate_limited","message":"slow down","retry_after_ms":60000}})"));
  EXPECT_EQ(ErrorOf(Fetch()).code, ErrorCode::kRateLimited);
}

TEST_F(InvitationTest, TellsTheServersRefusal) {
  gateway_.answers.push_back(
      net::JsonResponse(403, R"({"error":{"code":"forbidden","message":"no guests"}})"));
  const Error error = ErrorOf(Fetch());
  EXPECT_EQ(error.code, ErrorCode::kForbidden);
  EXPECT_EQ(error.message, "no invitation: no guests");
}

TEST_F(InvitationTest, SaysWhatAnswersThatIsNoGateway) {
  for (const char* body : {"", "{}", "[]", "<html>", R"({"token":7})", R"({"error":{}})"}) {
    gateway_.answers.push_back(net::JsonResponse(404, body));
    EXPECT_EQ(ErrorOf(Fetch()).message, "no invitation from the server: it answers 404") << body;
  }
  gateway_.answers.push_back(net::JsonResponse(201, R"({"token":""})"));
  EXPECT_EQ(ErrorOf(Fetch()).code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace confab::client
