#include "net/http_connection.h"

#include <boost/asio/this_coro.hpp>

#include "base/id.h"
#include "base/trace_context.h"
#include "net/clock.h"
#include "net/forwarded.h"
#include "net/http_parse.h"
#include "net/http_server_state.h"
#include "net/http_text.h"
#include "net/request_host.h"

namespace confab::net {
namespace {

namespace http = boost::beast::http;

constexpr size_t kHeadReadBytes = 4 * 1024;
constexpr size_t kBodyReadBytes = 64 * 1024;
// A response may take write_timeout, and longer where it is large: this slow a client is served.
constexpr size_t kMinBytesPerSecond = 16 * 1024;
// For the client to close after we have: time, and bytes that it still sends.
constexpr TimeDelta kPartingTime = TimeDelta::Seconds(1);
constexpr size_t kMaxDrainedBytes = 64 * 1024;

HttpRequest ToRequest(http::request<http::string_body>&& message) {
  HttpRequest request;
  const auto method = message.method_string();
  request.method.assign(method.data(), method.size());
  const auto target = message.target();
  SetTarget(request, std::string(target.data(), target.size()));
  request.headers = ToHeaders(message);
  request.body = std::move(message.body());
  return request;
}

bool Expects100(const http::request<http::string_body>& message) {
  return boost::beast::iequals(message[http::field::expect], "100-continue");
}

}  // namespace

HttpConnection::HttpConnection(std::shared_ptr<HttpServer::State> server,
                               asio::ip::tcp::socket socket)
    : server_(std::move(server)), stream_(std::move(socket)), read_done_(stream_.get_executor()) {
  server_->connections.insert(this);
  server_->counters.open_connections = server_->connections.size();
}

HttpConnection::~HttpConnection() {
  server_->connections.erase(this);
  server_->counters.open_connections = server_->connections.size();
  if (server_->connections.empty()) server_->emptied.Set();
}

asio::awaitable<void> HttpConnection::Run(std::shared_ptr<const TlsContext> tls) {
  try {
    if (tls) {
      stream_.ExpireAfter(server_->options.header_timeout);
      if (!co_await stream_.AcceptTls(*tls)) {
        ++server_->counters.failed_handshakes;
        stream_.Close();
        co_return;
      }
    }
    co_await Serve();
    if (stream_.is_open()) co_await Part();
    if (stream_.expired()) ++server_->counters.timeouts;
  } catch (const std::exception&) {
    ++server_->counters.handler_exceptions;
  }
  stream_.Close();
}

// By way of the read-ahead that may be pending: Asio wakes only one of two reads at the end.
asio::awaitable<void> HttpConnection::Part() {
  stream_.ExpireAfter(kPartingTime);
  co_await stream_.FinishSend();
  for (size_t drained = 0; !is_closed_ && drained < kMaxDrainedBytes; drained += in_.size()) {
    if (!is_reading_) in_.clear();
    co_await Fill();
  }
}

asio::awaitable<void> HttpConnection::Serve() {
  for (;;) {
    HttpRequest request;
    if (!co_await ReadRequest(request)) co_return;
    is_idle_ = false;
    ++server_->counters.requests;
    stream_.NeverExpire();
    if (co_await Answer(request) == After::kClose) co_return;
    is_idle_ = true;
    if (server_->is_stopping) co_return;
  }
}

void HttpConnection::StartRead(size_t max_bytes) {
  if (is_reading_ || is_closed_) return;
  is_reading_ = true;
  read_done_.Reset();
  const size_t before = in_.size();
  in_.resize(before + max_bytes);
  stream_.async_read_some(asio::buffer(&in_[before], max_bytes),
                          [self = shared_from_this(), before](error_code ec, size_t count) {
                            self->in_.resize(before + count);
                            self->is_reading_ = false;
                            self->is_closed_ = ec.failed();
                            self->read_done_.Set();
                            HttpRequest* current = self->current_;
                            if (!ec || !current || !current->on_client_gone) return;
                            std::exchange(current->on_client_gone, nullptr)();
                          });
}

asio::awaitable<bool> HttpConnection::Fill() {
  StartRead(in_.size() < kHeadReadBytes ? kHeadReadBytes : kBodyReadBytes);
  co_await read_done_.Wait();
  co_return !is_closed_;
}

asio::awaitable<bool> HttpConnection::ReadRequest(HttpRequest& request) {
  const HttpServerOptions& options = server_->options;
  RequestParser parser;
  parser.eager(true);
  parser.header_limit(static_cast<uint32_t>(options.max_header_bytes));
  parser.body_limit(options.max_body_bytes);
  stream_.ExpireAfter(options.idle_timeout);
  if (is_reading_ || in_.empty()) {
    if (!co_await Fill()) co_return false;
  }
  stream_.ExpireAfter(options.header_timeout);
  bool header_was_done = false;
  while (!parser.is_done()) {
    error_code ec;
    const size_t taken = parser.put(asio::buffer(in_), ec);
    if (ec == http::error::header_limit) {
      const bool in_request_line = in_.find("\r\n") == in_.npos;
      const Error error{ErrorCode::kLimitExceeded, "The request's header is too long."};
      Failure failure{in_request_line ? 414u : 431u, error};
      co_await Refuse(std::move(failure));
      co_return false;
    }
    if (ec == http::error::body_limit) {
      const Error error{
          ErrorCode::kLimitExceeded,
          "The body is larger than " + std::to_string(options.max_body_bytes) + " bytes."};
      Failure failure{413, error};
      co_await Refuse(std::move(failure));
      co_return false;
    }
    if (ec && ec != http::error::need_more) {
      Failure failure{400, {ErrorCode::kInvalidMessage, "This is not HTTP: " + ec.message()}};
      co_await Refuse(std::move(failure));
      co_return false;
    }
    in_.erase(0, taken);
    if (parser.is_done()) break;
    if (parser.is_header_done() && !header_was_done) {
      header_was_done = true;
      stream_.ExpireAfter(options.body_timeout);
      if (Expects100(parser.get())) {
        const std::array<asio::const_buffer, 2> go{
            asio::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25), asio::const_buffer()};
        if (!co_await stream_.WriteAll(go)) co_return false;
      }
    }
    if (!co_await Fill()) co_return false;
  }
  keep_alive_ = parser.keep_alive();
  const HttpVersion version = parser.get().version() >= 11 ? HttpVersion::k11 : HttpVersion::k10;
  request = ToRequest(parser.release());
  if (auto host = SettleHost(request, version); !host) {
    Failure failure{400, std::move(host.error())};
    co_await Refuse(std::move(failure));
    co_return false;
  }
  request.peer = stream_.peer();
  request.is_tls = stream_.is_tls();
  ResolveForwarded(request, options.trusted_proxies);
  // One id along a chain of our services; nothing but the form of an id is taken over.
  request.id = request.headers.Value("X-Request-Id");
  if (!DecodeId(request.id)) request.id = MakeId();
  const std::string_view parent = request.headers.Value("traceparent");
  request.trace = TraceContext::OfOrRandom(parent, server_->random).trace_id();
  if (request.target.size() > options.max_target_bytes) {
    Failure failure{414, {ErrorCode::kLimitExceeded, "The address is too long."}};
    co_await Refuse(std::move(failure));
    co_return false;
  }
  co_return true;
}

std::string HttpConnection::MakeId() {
  std::array<uint8_t, 16> id;
  server_->random.Fill(id);
  return EncodeId(id);
}

asio::awaitable<std::optional<HttpResponse>> HttpConnection::Ask(HttpRequest& request) {
  std::optional<HttpResponse> response;
  try {
    if (request.WantsUpgrade()) {
      stream_.Unread(std::exchange(in_, {}));
      co_return co_await server_->handler->Upgrade(request, stream_);
    }
    // Not where a pipelined request waits already: it must not wait for more bytes.
    if (in_.empty()) StartRead(kHeadReadBytes);
    current_ = &request;
    response = co_await server_->handler->Handle(request);
  } catch (const std::exception&) {
    ++server_->counters.handler_exceptions;
    const Error error{ErrorCode::kInternal,
                      "The server failed on this request. Report the id with the time."};
    response = ErrorResponse(error, request.id);
  }
  current_ = nullptr;
  request.on_client_gone = nullptr;
  co_return response;
}

asio::awaitable<HttpConnection::After> HttpConnection::Answer(HttpRequest& request) {
  const Timestamp started = MonotonicNow();
  const bool upgrading = request.WantsUpgrade();
  const auto response = co_await Ask(request);
  if (!response) co_return After::kClose;
  const bool keep = keep_alive_ && !upgrading && !server_->is_stopping;
  const After after = co_await Write(request, *response, keep ? After::kKeepAlive : After::kClose);
  if (server_->options.on_response) {
    server_->options.on_response(request, *response, MonotonicNow() - started);
  }
  co_return after;
}

asio::awaitable<HttpConnection::After> HttpConnection::Write(const HttpRequest& request,
                                                             const HttpResponse& response,
                                                             After after) {
  HttpHeaders headers = response.headers;
  for (const auto& [name, value] : server_->options.default_headers) {
    if (!headers.Find(name)) headers.Add(name, value);
  }
  if (!headers.Find("Date")) headers.Add("Date", HttpDate());
  headers.Set("X-Request-Id", request.id);
  const std::string_view content = response.content();
  // RFC 9110 §6.4.1: these have no content, 204 not even a length.
  const bool has_content =
      request.method != "HEAD" && response.status != 204 && response.status != 304;
  if (response.status == 204) {
    headers.Remove("Content-Length");
  } else if (has_content || !headers.Find("Content-Length")) {
    headers.Set("Content-Length", std::to_string(content.size()));
  }
  headers.Set("Connection", after == After::kClose ? "close" : "keep-alive");
  const std::string head = ResponseHead(response.status, headers);
  const std::array<asio::const_buffer, 2> buffers{
      asio::buffer(head), has_content ? asio::buffer(content) : asio::const_buffer()};
  const auto extra = static_cast<int64_t>(content.size() / kMinBytesPerSecond);
  stream_.ExpireAfter(server_->options.write_timeout + TimeDelta::Seconds(extra));
  const auto written = co_await stream_.WriteAll(buffers);
  co_return written ? after : After::kClose;
}

asio::awaitable<void> HttpConnection::Refuse(Failure failure) {
  ++server_->counters.bad_requests;
  HttpRequest request;
  request.id = MakeId();
  const HttpResponse response = ErrorResponse(failure.status, failure.error, request.id);
  co_await Write(request, response, After::kClose);
}

}  // namespace confab::net
