#include "net/websocket.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "net/stream.h"

namespace confab::net {

// How Beast ends a connection of a type that it does not know; found by argument-dependent lookup.
void beast_close_socket(Stream& stream) {
  stream.Close();
}

void teardown(boost::beast::role_type, Stream& stream, error_code& ec) {
  stream.Close();
  ec = {};
}

template <typename Handler>
void async_teardown(boost::beast::role_type, Stream& stream, Handler&& handler) {
  // The close frames have been exchanged: FIN is enough. The connection closes the rest.
  stream.ShutdownSend();
  asio::post(stream.get_executor(), asio::append(std::forward<Handler>(handler), error_code{}));
}

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

// For the handshake and for the peer's answer to a close frame.
constexpr std::chrono::seconds kHandshakeTime(10);

constexpr size_t kKeptBytes = 16 * 1024;

std::unexpected<Error> Closed(error_code ec) {
  return Fail(ErrorCode::kUnavailable, ec.message());
}

std::unexpected<Error> NotRead(error_code ec) {
  if (ec == websocket::error::message_too_big) return Fail(ErrorCode::kLimitExceeded, ec.message());
  const bool is_wrong =
      ec == websocket::condition::protocol_violation || ec == websocket::error::bad_frame_payload;
  return is_wrong ? Fail(ErrorCode::kInvalidMessage, ec.message()) : Closed(ec);
}

}  // namespace

struct WebSocket::Core {
  Core(std::unique_ptr<Stream> o, Stream& s, size_t max_message_bytes)
      : owned(std::move(o)), stream(s), ws(s) {
    ws.set_option(
        websocket::stream_base::timeout{kHandshakeTime, websocket::stream_base::none(), false});
    ws.read_message_max(max_message_bytes);
    ws.auto_fragment(false);
  }

  std::unique_ptr<Stream> owned;  // null where the stream is another's
  Stream& stream;
  websocket::stream<Stream&> ws;
  beast::flat_buffer in;
};

WebSocket::WebSocket(Stream& stream, size_t max_message_bytes)
    : core_(std::make_unique<Core>(nullptr, stream, max_message_bytes)) {}
WebSocket::WebSocket(std::unique_ptr<Stream> stream, size_t max_message_bytes) {
  Stream& borrowed = *stream;
  core_ = std::make_unique<Core>(std::move(stream), borrowed, max_message_bytes);
}
WebSocket::~WebSocket() = default;

asio::awaitable<Result<void>> WebSocket::Accept(const HttpRequest& request) {
  http::request<http::empty_body> message;
  message.method_string(request.method);
  message.target(request.target);
  message.version(11);
  for (const auto& [name, value] : request.headers) message.insert(name, value);
  error_code ec;
  co_await core_->ws.async_accept(message, asio::redirect_error(asio::use_awaitable, ec));
  if (ec) co_return Fail(ErrorCode::kInvalidMessage, ec.message());
  co_return Result<void>();
}

asio::awaitable<Result<void>> WebSocket::Request(std::string authority, std::string target) {
  websocket::response_type answer;
  error_code ec;
  co_await core_->ws.async_handshake(answer, authority, target,
                                     asio::redirect_error(asio::use_awaitable, ec));
  if (ec == websocket::error::upgrade_declined) {
    const std::string status = std::to_string(answer.result_int());
    co_return Fail(ErrorCode::kUnavailable, "the server answered " + status + " instead of 101");
  }
  if (ec) co_return Closed(ec);
  co_return Result<void>();
}

asio::awaitable<Result<WebSocketMessage>> WebSocket::Read() {
  error_code ec;
  co_await core_->ws.async_read(core_->in, asio::redirect_error(asio::use_awaitable, ec));
  if (ec) co_return NotRead(ec);
  WebSocketMessage message;
  message.kind =
      core_->ws.got_text() ? WebSocketMessage::Kind::kText : WebSocketMessage::Kind::kBinary;
  const auto bytes = core_->in.cdata();
  message.data.assign(static_cast<const char*>(bytes.data()), bytes.size());
  core_->in.consume(bytes.size());
  // One large message must not keep its memory for the life of the connection.
  if (core_->in.capacity() > kKeptBytes) core_->in.shrink_to_fit();
  co_return message;
}

asio::awaitable<Result<void>> WebSocket::Write(WebSocketMessage::Kind kind, std::string_view data) {
  core_->ws.text(kind == WebSocketMessage::Kind::kText);
  error_code ec;
  co_await core_->ws.async_write(asio::buffer(data), asio::redirect_error(asio::use_awaitable, ec));
  if (ec) co_return Closed(ec);
  co_return Result<void>();
}

asio::awaitable<void> WebSocket::Close(WebSocketCloseCode code) {
  error_code ignored;
  const websocket::close_reason reason(static_cast<uint16_t>(code));
  co_await core_->ws.async_close(reason, asio::redirect_error(asio::use_awaitable, ignored));
}

void WebSocket::Abort() {
  core_->stream.Close();
}

}  // namespace confab::net
