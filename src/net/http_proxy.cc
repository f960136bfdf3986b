#include "net/http_proxy.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include "net/event.h"
#include "net/http_exchange.h"
#include "net/http_text.h"
#include "net/stream.h"

namespace confab::net {
namespace {

constexpr size_t kTunnelBytes = 16 * 1024;
// After one side has ended, what the other has left to say.
constexpr TimeDelta kHalfClosedTime = TimeDelta::Seconds(5);

void AddForwarded(HttpHeaders& headers, const HttpRequest& request) {
  headers.Set("X-Forwarded-For", request.client.IpToString());
  headers.Set("X-Forwarded-Proto", request.is_https ? "https" : "http");
  headers.Set("X-Forwarded-Host", std::string(request.headers.Value("Host")));
}

HttpHeaders ForwardedHeaders(const HttpRequest& request) {
  HttpHeaders headers = request.headers;
  RemoveHopByHop(headers);
  headers.Remove("Expect");  // answered already
  headers.Remove("Content-Length");
  AddForwarded(headers, request);
  headers.Set("X-Request-Id", request.id);
  return headers;
}

std::string PlainHead(const HttpRequest& request) {
  HttpHeaders headers = ForwardedHeaders(request);
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    headers.Set("Content-Length", std::to_string(request.body.size()));
  }
  headers.Set("Connection", "close");
  return RequestHead(request.method, request.target, headers);
}

std::string UpgradeHead(const HttpRequest& request) {
  HttpHeaders headers = ForwardedHeaders(request);
  headers.Set("Connection", "Upgrade");
  headers.Set("Upgrade", "websocket");
  return RequestHead(request.method, request.target, headers);
}

HttpResponse Unavailable(unsigned status, const std::string& message, const HttpRequest& request) {
  const Error error{ErrorCode::kUnavailable, message};
  return ErrorResponse(status, error, request.id);
}

// What the upstream said, as our own response.
HttpResponse ToClient(HttpResponse response, const HttpRequest& request) {
  RemoveHopByHop(response.headers);
  // HEAD tells the length of a body that is not there.
  if (request.method != "HEAD") response.headers.Remove("Content-Length");
  return response;
}

// Bytes both ways, until both have ended. The streams are the caller's.
class Tunnel {
 public:
  Tunnel(Stream& client, Stream& upstream, TimeDelta write_timeout)
      : client_(client), upstream_(upstream), write_timeout_(write_timeout) {}

  // `first` goes to the client before all else. False where it does not take that.
  asio::awaitable<bool> Open(std::string_view first) { return Write(client_, first); }
  asio::awaitable<void> Run();

 private:
  asio::awaitable<bool> Write(Stream& to, std::string_view bytes);
  asio::awaitable<void> Pump(Stream& from, Stream& to);

  Stream& client_;
  Stream& upstream_;
  TimeDelta write_timeout_;
  bool is_half_closed_ = false;  // both streams have their last limit
};

// Who takes nothing would keep two connections for ever: nobody else looks at them.
asio::awaitable<bool> Tunnel::Write(Stream& to, std::string_view bytes) {
  if (!is_half_closed_) to.ExpireAfter(write_timeout_);
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(bytes), asio::const_buffer()};
  const auto written = co_await to.WriteAll(buffers);
  if (!is_half_closed_) to.NeverExpire();
  co_return written.has_value();
}

// Until `from` ends or `to` breaks.
asio::awaitable<void> Tunnel::Pump(Stream& from, Stream& to) {
  std::string buffer(kTunnelBytes, '\0');
  for (;;) {
    const auto count = co_await from.Read(asio::buffer(buffer));
    if (!count) break;
    const std::string_view bytes(buffer.data(), *count);
    const bool written = co_await Write(to, bytes);
    if (!written) break;
  }
  is_half_closed_ = true;
  to.ShutdownSend();
  from.ExpireAfter(kHalfClosedTime);
  to.ExpireAfter(kHalfClosedTime);
}

// The event lives in this frame, which waits for the spawned half.
asio::awaitable<void> Tunnel::Run() {
  const auto executor = co_await asio::this_coro::executor;
  Event done(executor);
  asio::co_spawn(
      executor,
      [&]() -> asio::awaitable<void> {
        co_await Pump(upstream_, client_);
        done.Set();
      },
      asio::detached);
  co_await Pump(client_, upstream_);
  co_await done.Wait();
}

}  // namespace

HttpProxy::HttpProxy(Choose choose, HttpProxyOptions options)
    : choose_(std::move(choose)), options_(std::move(options)) {}

HttpResponse HttpProxy::Failed(const Stream& upstream, const HttpRequest& request) {
  ++counters_.failures;
  if (upstream.expired()) return Unavailable(504, "The service behind did not answer.", request);
  return Unavailable(502, "The service behind gave no proper answer.", request);
}

asio::awaitable<std::expected<Stream, HttpResponse>> HttpProxy::Connect(
    const HttpRequest& request) {
  Choice choice = choose_(request);
  if (!choice) co_return std::unexpected(std::move(choice.error()));
  if (choice->size() > kMaxTries) choice->resize(kMaxTries);
  for (const Upstream& upstream : *choice) {
    auto stream = co_await ConnectTcp(upstream.host, upstream.port, options_.connect_timeout);
    if (stream) {
      stream->ExpireAfter(options_.response_timeout);
      co_return std::move(*stream);
    }
    if (options_.on_away) options_.on_away(upstream);
  }
  co_return std::unexpected(
      Unavailable(503, "The service behind is away: try again in a moment.", request));
}

asio::awaitable<HttpResponse> HttpProxy::Handle(HttpRequest& request) {
  ++counters_.requests;
  bool is_gone = false;
  request.on_client_gone = [&is_gone] { is_gone = true; };
  auto upstream = co_await Connect(request);
  request.on_client_gone = nullptr;
  if (!upstream) {
    ++counters_.failures;
    co_return std::move(upstream.error());
  }
  if (is_gone) upstream->Close();
  // A client that gives up its long poll must be seen by the upstream.
  request.on_client_gone = [&upstream] { upstream->Close(); };
  const std::string head = PlainHead(request);
  Result<HttpResponse> response = Fail(ErrorCode::kUnavailable, "");
  const auto sent = co_await SendRequest(*upstream, head, request.body);
  if (sent) {
    response = co_await ReadResponse(*upstream, request.method, options_.max_response_bytes);
  }
  request.on_client_gone = nullptr;
  if (!response) co_return Failed(*upstream, request);
  co_return ToClient(std::move(*response), request);
}

asio::awaitable<std::optional<HttpResponse>> HttpProxy::Upgrade(HttpRequest& request,
                                                                Stream& client) {
  ++counters_.requests;
  auto upstream = co_await Connect(request);
  if (!upstream) {
    ++counters_.failures;
    co_return std::move(upstream.error());
  }
  const std::string head = UpgradeHead(request);
  const std::string no_body;  // the head tells of none: it would be read as what follows
  Result<HttpResponse> response = Fail(ErrorCode::kUnavailable, "");
  const auto sent = co_await SendRequest(*upstream, head, no_body);
  if (sent) response = co_await ReadResponse(*upstream, request.method, kMaxRefusalBytes);
  if (!response) co_return Failed(*upstream, request);
  if (response->status != 101) co_return ToClient(std::move(*response), request);
  upstream->NeverExpire();
  Tunnel tunnel(client, *upstream, options_.tunnel_write_timeout);
  const std::string switching = ResponseHead(101, response->headers);
  const bool opened = co_await tunnel.Open(switching);
  if (!opened) co_return std::nullopt;
  ++counters_.tunnels;
  ++counters_.open_tunnels;
  co_await tunnel.Run();
  --counters_.open_tunnels;
  co_return std::nullopt;
}

}  // namespace confab::net
