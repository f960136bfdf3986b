#include "net/http_fetch.h"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <chrono>

#include "net/http_exchange.h"
#include "net/http_text.h"
#include "net/stream.h"

namespace confab::net {
namespace {

namespace ssl = boost::asio::ssl;

struct Target {
  bool is_tls = false;
  std::string host;  // without brackets
  uint16_t port = 0;
  std::string authority;
  std::string path;
};

Result<Target> ParseTarget(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  const auto bad = [&](const char* why) { return Fail(ErrorCode::kInvalidMessage, url + why); };
  if (!parsed) return bad(" is no URL");
  Target target;
  if (parsed->scheme_id() == boost::urls::scheme::https) {
    target.is_tls = true;
  } else if (parsed->scheme_id() != boost::urls::scheme::http) {
    return bad(" is neither http:// nor https://");
  }
  target.host = parsed->host_address();
  target.authority = parsed->encoded_host_and_port();
  target.port = parsed->has_port() ? parsed->port_number() : target.is_tls ? 443 : 80;
  target.path = parsed->encoded_target();
  if (!target.path.starts_with('/')) target.path.insert(0, "/");
  if (target.host.empty() || target.port == 0) return bad(" has no host");
  return target;
}

std::unique_ptr<ssl::context> ClientContext(const Target& target, TlsTrust trust) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_client);
  if (trust == TlsTrust::kAnyCertificate) return context;
  context->set_default_verify_paths();
  context->set_verify_mode(ssl::verify_peer);
  context->set_verify_callback(ssl::host_name_verification(target.host));
  return context;
}

std::string Head(const Target& target, const HttpFetchOptions& options) {
  HttpHeaders headers = options.headers;
  headers.Set("Host", target.authority);
  headers.Set("Connection", "close");
  if (!options.body.empty() || options.method == "POST" || options.method == "PUT") {
    headers.Set("Content-Length", std::to_string(options.body.size()));
  }
  return RequestHead(options.method, target.path, headers);
}

}  // namespace

asio::awaitable<Result<HttpResponse>> HttpFetch(std::string url, HttpFetchOptions options) {
  const auto started = std::chrono::steady_clock::now();
  const auto target = ParseTarget(url);
  if (!target) co_return std::unexpected(target.error());
  auto stream = co_await ConnectTcp(target->host, target->port, options.timeout);
  if (!stream) co_return std::unexpected(stream.error());
  const auto used = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - started);
  stream->ExpireAfter(options.timeout - TimeDelta::Micros(used.count()));
  std::unique_ptr<ssl::context> context;
  if (target->is_tls) {
    context = ClientContext(*target, options.trust);
    const auto shaken = co_await stream->ConnectTls(*context, target->host);
    if (!shaken) co_return Fail(ErrorCode::kUnavailable, url + ": " + shaken.error().message);
  }
  const std::string head = Head(*target, options);
  const auto sent = co_await SendRequest(*stream, head, options.body);
  if (!sent) co_return Fail(ErrorCode::kUnavailable, url + ": " + sent.error().message);
  auto response = co_await ReadResponse(*stream, options.method, options.max_body_bytes);
  if (response) co_return response;
  const std::string why = stream->expired() ? "time-out" : response.error().message;
  co_return Fail(ErrorCode::kUnavailable, url + ": " + why);
}

}  // namespace confab::net
