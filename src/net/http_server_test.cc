#include "net/http_server.h"

#include "base/testing/error_of.h"
#include "net/event.h"
#include "net/http_router.h"
#include "net/testing/loopback.h"

namespace confab::net {
namespace {

class HttpServerTest : public ::testing::Test {
 protected:
  HttpServerTest() : release_(io_.get_executor()), entered_(io_.get_executor()) {
    router_.Add("GET", "/hello/{name}", [](HttpRequest& request) -> asio::awaitable<HttpResponse> {
      co_return TextResponse(200, "hello " + std::string(request.Param("name")));
    });
    router_.Add("POST", "/echo", [](HttpRequest& request) -> asio::awaitable<HttpResponse> {
      co_return TextResponse(200, request.body);
    });
    router_.Add("GET", "/throw", [](HttpRequest&) -> asio::awaitable<HttpResponse> {
      throw std::runtime_error("on purpose");
      co_return HttpResponse();
    });
    router_.Add("GET", "/wait", [this](HttpRequest& request) -> asio::awaitable<HttpResponse> {
      request.on_client_gone = [this] { client_gone_ = true, release_.Set(); };
      entered_.Set();
      co_await release_.Wait();
      co_return TextResponse(200, "released");
    });
  }

  void Start(HttpServerOptions options = {}) {
    server_.emplace(io_, router_, std::move(options));
    const auto address = server_->Listen({});
    ASSERT_TRUE(address) << address.error().message;
    port_ = address->port();
  }

  std::string Ask(std::string request) { return RunOn(io_, Exchange(port_, std::move(request))); }

  asio::io_context io_;
  HttpRouter router_;
  Event release_;
  Event entered_;
  bool client_gone_ = false;
  std::optional<HttpServer> server_;
  uint16_t port_ = 0;
};

TEST_F(HttpServerTest, AnswersWithTheRoutesParameter) {
  Start();
  const std::string answer =
      Ask("GET /hello/a%20b?x=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nhello a b")) << answer;
  EXPECT_NE(answer.find("Connection: close"), answer.npos);
  EXPECT_NE(answer.find("X-Request-Id: "), answer.npos);
}

TEST_F(HttpServerTest, TakesTheHostOfTheTargetForTheOneThatCounts) {
  router_.Add("GET", "/host", [](HttpRequest& request) -> asio::awaitable<HttpResponse> {
    co_return TextResponse(200, std::string(request.headers.Value("Host")));
  });
  Start();
  const std::string answer =
      Ask("GET http://call.example:80/host HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.ends_with("\r\n\r\ncall.example:80")) << answer;
}

TEST_F(HttpServerTest, KeepsTheConnectionForPipelinedRequests) {
  Start();
  const std::string answer =
      Ask("GET /hello/a HTTP/1.1\r\nHost: h\r\n\r\nGET /hello/b HTTP/1.1\r\nHost: h\r\n\r\n"
          "GET /hello/c HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const size_t a = answer.find("hello a");
  const size_t b = answer.find("hello b");
  const size_t c = answer.find("hello c");
  EXPECT_TRUE(a < b && b < c && c != answer.npos) << answer;
  EXPECT_EQ(server_->counters().accepted, 1u);
  EXPECT_EQ(server_->counters().requests, 3u);
}

TEST_F(HttpServerTest, AnswersHeadWithTheLengthAndNoBody) {
  Start();
  const std::string answer = Ask("HEAD /hello/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: 7\r\n"), answer.npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST_F(HttpServerTest, TakesChunkedBodiesAndConfirmsExpectations) {
  HttpServerOptions options;
  options.body_timeout = TimeDelta::Millis(20);  // the first body never comes
  Start(std::move(options));
  const std::string answer =
      Ask("POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nExpect: 100-continue\r\n"
          "Transfer-Encoding: chunked\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\n")) << answer;
  const std::string chunked =
      Ask("POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
          "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_TRUE(chunked.ends_with("\r\n\r\nabcde")) << chunked;
}

TEST_F(HttpServerTest, RefusesWithTheRightStatus) {
  HttpServerOptions options;
  options.max_header_bytes = 2048;
  options.max_target_bytes = 512;
  options.max_body_bytes = 100;
  Start(std::move(options));
  const std::string end = " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  const struct {
    std::string request;
    const char* status;
    const char* code;
  } cases[] = {
      {"GET /nowhere" + end, "404", "not_found"},
      {"GET /hello/" + end, "404", "not_found"},
      {"DELETE /echo" + end, "405", "invalid_message"},
      {"GET /throw" + end, "500", "internal"},
      {"GET /" + std::string(600, 'a') + end, "414", "limit_exceeded"},
      {"GET /" + std::string(5000, 'a') + end, "414", "limit_exceeded"},
      {"GET / HTTP/1.1\r\nX: " + std::string(5000, 'a') + "\r\n\r\n", "431", "limit_exceeded"},
      {"POST /echo HTTP/1.1\r\nContent-Length: 101\r\n\r\n", "413", "limit_exceeded"},
      {"GET /hello/a HTTP/1.1\r\n\r\n", "400", "invalid_message"},
      {"GET /hello/a HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", "400", "invalid_message"},
      {"GET http://h@x/hello/a" + end, "400", "invalid_message"},
      {"no http at all\r\n\r\n", "400", "invalid_message"},
      {"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400",
       "invalid_message"},
      {"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400",
       "invalid_message"},
  };
  for (const auto& c : cases) {
    const std::string answer = Ask(c.request);
    EXPECT_TRUE(answer.starts_with(std::string("HTTP/1.1 ") + c.status)) << c.status << answer;
    EXPECT_NE(answer.find("{\"error\":{\"code\":\"" + std::string(c.code)), answer.npos) << answer;
  }
  EXPECT_NE(Ask("DELETE /hello/x" + end).find("Allow: GET, HEAD\r\n"), std::string::npos);
  EXPECT_EQ(server_->counters().handler_exceptions, 1u);
}

TEST_F(HttpServerTest, ClosesAConnectionThatSendsItsHeaderTooSlowly) {
  HttpServerOptions options;
  options.header_timeout = TimeDelta::Millis(20);
  Start(std::move(options));
  EXPECT_EQ(Ask("GET /hello/a HTTP/1.1\r\nHost:"), "");
}

TEST_F(HttpServerTest, ClosesAnIdleConnection) {
  HttpServerOptions options;
  options.idle_timeout = TimeDelta::Millis(20);
  Start(std::move(options));
  EXPECT_TRUE(Ask("GET /hello/a HTTP/1.1\r\nHost: h\r\n\r\n").ends_with("hello a"));
}

TEST_F(HttpServerTest, ClosesWithTheClientAndNotByATimeout) {
  Start();
  const auto work = [this]() -> asio::awaitable<uint64_t> {
    const std::string answer =
        co_await Exchange(port_, "GET /hello/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(answer.ends_with("hello a"));
    co_await server_->Stop(TimeDelta::Seconds(30));
    co_return server_->counters().timeouts;
  };
  EXPECT_EQ(RunOn(io_, work()), 0u);
}

TEST_F(HttpServerTest, TakesTheNextPortWhereOneIsTaken) {
  Start();
  HttpServer second(io_, router_, {});
  HttpListenOptions options;
  options.port = port_;
  const auto taken = second.Listen(options);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kUnavailable);
  options.port_tries = 20;
  const auto next = second.Listen(options);
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_GT(next->port(), port_);
  options.address = "nonsense";
  EXPECT_EQ(ErrorOf(second.Listen(options)).code, ErrorCode::kInvalidConfiguration);
}

TEST_F(HttpServerTest, ClosesConnectionsBeyondItsLimit) {
  HttpServerOptions options;
  options.max_connections = 1;
  std::vector<std::string> troubles;
  options.on_trouble = [&troubles](const std::string& why) { troubles.push_back(why); };
  Start(std::move(options));
  const auto work = [this]() -> asio::awaitable<std::string> {
    Stream first = co_await Connect(port_);
    co_await Send(first, "GET /hello/a HTTP/1.1\r\nHost: h\r\n\r\n");
    co_await ReadUntil(first, "hello a");
    (void)co_await Exchange(port_, "GET /hello/b HTTP/1.1\r\nHost: h\r\n\r\n");
    co_return co_await Exchange(port_, "GET /hello/c HTTP/1.1\r\nHost: h\r\n\r\n");
  };
  EXPECT_EQ(RunOn(io_, work()), "");
  EXPECT_EQ(server_->counters().refused_connections, 2u);
  // Told once, however many come.
  const std::string expected = "all 1 connections are in use; further ones are closed";
  EXPECT_EQ(troubles, std::vector<std::string>{expected});
}

TEST_F(HttpServerTest, TellsTheHandlerThatTheClientIsGone) {
  Start();
  const auto work = [this]() -> asio::awaitable<bool> {
    Stream stream = co_await Connect(port_);
    co_await Send(stream, "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    co_await entered_.Wait();
    stream.Close();
    co_await release_.Wait();
    co_return client_gone_;
  };
  EXPECT_TRUE(RunOn(io_, work()));
}

TEST_F(HttpServerTest, LetsARunningRequestEndWhenStopping) {
  Start();
  const auto work = [this]() -> asio::awaitable<std::string> {
    Stream stream = co_await Connect(port_);
    Stream idle = co_await Connect(port_);
    co_await Send(stream, "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    co_await entered_.Wait();
    asio::post(io_, [this] { release_.Set(); });
    co_await server_->Stop(TimeDelta::Seconds(30));
    EXPECT_EQ(server_->counters().open_connections, 0u);
    co_return co_await ReadUntil(stream, "");
  };
  EXPECT_TRUE(RunOn(io_, work()).ends_with("released"));
}

TEST_F(HttpServerTest, ClosesWhatIsLeftAtTheDeadline) {
  Start();
  const auto work = [this]() -> asio::awaitable<std::string> {
    Stream stream = co_await Connect(port_);
    co_await Send(stream, "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    co_await entered_.Wait();
    co_await server_->Stop(TimeDelta::Millis(10));
    co_return co_await ReadUntil(stream, "");
  };
  EXPECT_EQ(RunOn(io_, work()), "");
  EXPECT_TRUE(client_gone_) << "the handler learns of it like of any other end";
}

}  // namespace
}  // namespace confab::net
