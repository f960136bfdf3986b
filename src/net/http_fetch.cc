#include "net/http_fetch.h"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

#include "net/clock.h"
#include "net/http_exchange.h"
#include "net/http_text.h"
#include "net/stream.h"
#include "net/url_target.h"

namespace confab::net {
namespace {

namespace ssl = boost::asio::ssl;

std::unique_ptr<ssl::context> ClientContext(const UrlTarget& target, TlsTrust trust) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_client);
  if (trust == TlsTrust::kAnyCertificate) return context;
  context->set_default_verify_paths();
  context->set_verify_mode(ssl::verify_peer);
  context->set_verify_callback(ssl::host_name_verification(target.host));
  return context;
}

std::string Head(const UrlTarget& target, const HttpFetchOptions& options) {
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
  const Timestamp started = MonotonicNow();
  const auto target = ParseUrlTarget(url, UrlScheme::kHttp);
  if (!target) co_return std::unexpected(target.error());
  auto stream = co_await ConnectTcp(target->host, target->port, options.timeout);
  if (!stream) co_return std::unexpected(stream.error());
  stream->ExpireAfter(options.timeout - (MonotonicNow() - started));
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
