#include "net/tls_context.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "net/http_fetch.h"
#include "net/testing/loopback.h"

namespace confab::net {
namespace {

class TlsContextTest : public ::testing::Test {
 protected:
  TlsContextTest() {
    std::string pattern = ::testing::TempDir() + "confab-tls-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~TlsContextTest() override { std::filesystem::remove_all(folder_); }

  std::string Fingerprint(const std::vector<std::string>& names) {
    const auto context = TlsContext::SelfMade(folder_, names);
    EXPECT_TRUE(context) << context.error().message;
    return context ? (*context)->fingerprint() : "";
  }

  std::filesystem::path folder_;
};

TEST_F(TlsContextTest, ReusesItsCertificateWhileItCoversTheNames) {
  const std::string first = Fingerprint({"localhost", "192.0.2.1", "2001:db8::1"});
  EXPECT_EQ(first.size(), 95u);
  EXPECT_EQ(Fingerprint({"192.0.2.1"}), first);
  EXPECT_NE(Fingerprint({"192.0.2.1", "192.0.2.2"}), first);
}

TEST_F(TlsContextTest, MakesANewOneWhereTheKeyIsNotTheCertificates) {
  const std::string first = Fingerprint({"localhost"});
  std::ofstream(folder_ / "tls.key") << "nonsense";
  EXPECT_NE(Fingerprint({"localhost"}), first);
}

TEST_F(TlsContextTest, KeepsTheKeyPrivate) {
  Fingerprint({"localhost"});
  struct stat status;
  ASSERT_EQ(stat((folder_ / "tls.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(TlsContextTest, RefusesWhatIsNoName) {
  const auto context = TlsContext::SelfMade(folder_, {"a,DNS:b"});
  ASSERT_FALSE(context);
  EXPECT_EQ(context.error().code, ErrorCode::kInvalidConfiguration);
}

TEST_F(TlsContextTest, NamesTheFileThatCannotBeUsed) {
  const auto context = TlsContext::FromFiles(folder_ / "no.crt", folder_ / "no.key");
  ASSERT_FALSE(context);
  EXPECT_NE(context.error().message.find("no.crt"), std::string::npos);
}

TEST_F(TlsContextTest, ServesHttps) {
  asio::io_context io;
  FunctionHandler handler([](HttpRequest& request) -> asio::awaitable<HttpResponse> {
    co_return TextResponse(200, request.is_tls ? "over TLS" : "in the clear");
  });
  HttpServer server(io, handler, {});
  HttpListenOptions listen;
  listen.tls = *TlsContext::SelfMade(folder_, {"127.0.0.1"});
  const std::string url =
      "https://127.0.0.1:" + std::to_string(server.Listen(listen)->port()) + "/";
  HttpFetchOptions options;
  options.timeout = TimeDelta::Seconds(30);
  options.trust = TlsTrust::kAnyCertificate;
  const auto response = RunOn(io, HttpFetch(url, options));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "over TLS");
  options.trust = TlsTrust::kSystem;
  EXPECT_FALSE(RunOn(io, HttpFetch(url, options))) << "nobody vouches for this certificate";
}

TEST(HttpFetch, TellsWhatIsWrong) {
  asio::io_context io;
  for (const char* url : {"nonsense", "ftp://a/", "http://", "http:///x"}) {
    const auto response = RunOn(io, HttpFetch(url, {}));
    ASSERT_FALSE(response) << url;
    EXPECT_EQ(response.error().code, ErrorCode::kInvalidMessage) << url;
  }
}

TEST(HttpFetch, EndsWhenItsTimeIsOver) {
  asio::io_context io;
  FunctionHandler handler([](HttpRequest& request) -> asio::awaitable<HttpResponse> {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer gone(executor, asio::steady_timer::time_point::max());
    request.on_client_gone = [&] { gone.cancel(); };
    error_code ignored;
    co_await gone.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    co_return HttpResponse();
  });
  HttpServer server(io, handler, {});
  HttpFetchOptions options;
  options.timeout = TimeDelta::Millis(20);
  const std::string url = "http://127.0.0.1:" + std::to_string(server.Listen({})->port()) + "/";
  const auto response = RunOn(io, HttpFetch(url, options));
  ASSERT_FALSE(response);
  EXPECT_NE(response.error().message.find("time-out"), std::string::npos);
}

}  // namespace
}  // namespace confab::net
