#include "socketio/engine_client.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "net/websocket_client.h"
#include "socketio/engine_websocket.h"

namespace confab::socketio {
namespace {

constexpr int64_t kMaxPingMs = 24 * 60 * 60 * 1000;
// What a frame costs in the queue besides its bytes: pongs are small and come as fast as pings.
constexpr size_t kFrameCost = 64;
constexpr std::string_view kPath = "/socket.io/?EIO=4&transport=websocket";

// The WebSocket's address; the main namespace only, so a path has no meaning.
Result<std::string> WebSocketUrl(std::string_view url) {
  const auto bad = [&](const char* why) {
    return Fail(ErrorCode::kInvalidMessage, "\"" + std::string(url) + "\" " + why);
  };
  const size_t scheme_end = url.find("://");
  if (scheme_end == url.npos) return bad("is no URL; it looks like http://127.0.0.1:4000.");
  const std::string_view scheme = url.substr(0, scheme_end);
  std::string_view host = url.substr(scheme_end + 3);
  if (host.ends_with('/')) host.remove_suffix(1);
  if (host.empty()) return bad("has no host.");
  if (host.find_first_of("/?#") != host.npos) return bad("has more than host and port.");
  std::string out;
  if (scheme == "http" || scheme == "ws") {
    out = "ws://";
  } else if (scheme == "https" || scheme == "wss") {
    out = "wss://";
  } else {
    return bad("is neither http:// nor https://.");
  }
  out += host;
  out += kPath;
  return out;
}

std::optional<TimeDelta> MillisOf(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* ms = value ? value->if_int64() : nullptr;
  if (!ms || *ms < 1 || *ms > kMaxPingMs) return std::nullopt;
  return TimeDelta::Millis(*ms);
}

}  // namespace

EngineClient::EngineClient(const asio::any_io_executor& executor,
                           std::unique_ptr<net::WebSocket> ws, EngineClientOptions options)
    : executor_(executor), ws_(std::move(ws)), options_(std::move(options)), timer_(executor) {}

asio::awaitable<Result<std::shared_ptr<EngineClient>>> EngineClient::Connect(
    EngineClientOptions options) {
  const auto deadline = Clock::now() + ToChrono(options.connect_limit);
  auto url = WebSocketUrl(options.url);
  if (!url) co_return std::unexpected(url.error());
  if (!options.query.empty()) *url += "&" + options.query;
  auto ws = co_await net::ConnectWebSocket(std::move(*url), options.max_message_bytes,
                                           options.connect_limit);
  if (!ws) co_return std::unexpected(ws.error());
  const auto executor = co_await asio::this_coro::executor;
  const auto client = std::make_shared<EngineClient>(executor, std::move(*ws), std::move(options));
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(deadline - Clock::now());
  client->EndAfter(TimeDelta::Micros(left.count()), "The server did not open a session in time.");
  const auto opened = co_await client->ReadOpen();
  if (!opened) co_return std::unexpected(opened.error());
  co_return client;
}

asio::awaitable<Result<void>> EngineClient::ReadOpen() {
  const auto message = co_await ReadFromWebSocket();
  if (!message) co_return std::unexpected(message.error());
  const bool is_text = message->kind == net::WebSocketMessage::Kind::kText;
  co_return TakeOpen(is_text ? message->data : "");
}

Result<void> EngineClient::TakeOpen(const std::string& text) {
  const auto packet = DecodeEngineText(text);
  if (!packet || packet->type != EngineType::kOpen) {
    return Ended("The server does not speak Engine.IO 4: its first packet is not \"open\".");
  }
  error_code ec;
  const auto json = boost::json::parse(packet->data, ec);
  const auto* object = ec ? nullptr : json.if_object();
  if (!object) return Ended("The server's open packet is no JSON object.");
  const auto interval = MillisOf(*object, "pingInterval");
  const auto timeout = MillisOf(*object, "pingTimeout");
  if (!interval || !timeout) return Ended("The server's open packet has no usable ping times.");
  ping_limit_ = *interval + *timeout;
  ExpectPing();
  return {};
}

asio::awaitable<Result<net::WebSocketMessage>> EngineClient::ReadFromWebSocket() {
  auto message = co_await ws_->Read();
  if (!message) co_return Ended("The connection to the server ended: " + message.error().message);
  if (state_ == State::kEnded) co_return Ended("");
  co_return message;
}

asio::awaitable<Result<EnginePacket>> EngineClient::Read() {
  const auto self = shared_from_this();
  for (;;) {
    auto message = co_await ReadFromWebSocket();
    if (!message) co_return std::unexpected(message.error());
    EnginePacket binary{EngineType::kMessage, EngineFrame::Kind::kBinary, {}};
    if (message->kind == net::WebSocketMessage::Kind::kBinary) {
      binary.data = std::move(message->data);
      co_return binary;
    }
    auto packet = DecodeEngineText(message->data);
    if (!packet) co_return Ended("The server sent what is no Engine.IO packet.");
    switch (packet->type) {
      case EngineType::kMessage: co_return std::move(*packet);
      case EngineType::kPing:
        Send(TextFrame(EngineType::kPong, ""));
        ExpectPing();
        break;
      case EngineType::kNoop: break;
      case EngineType::kClose: co_return Ended("The server closed the connection.");
      case EngineType::kOpen:
      case EngineType::kPong:  // the server pings in revision 4
      case EngineType::kUpgrade: co_return Ended("The server broke the rules of Engine.IO.");
    }
  }
}

void EngineClient::Send(EngineFramePtr frame) {
  if (state_ != State::kOpen) return;
  queued_bytes_ += frame->data.size() + kFrameCost;
  queue_.push_back(std::move(frame));
  if (queued_bytes_ > options_.max_queued_bytes) {
    return End("The server does not read: too much waits to be sent.");
  }
  Wake();
}

void EngineClient::Close() {
  if (state_ != State::kOpen) return;
  state_ = State::kClosing;
  end_reason_ = "This client closed the connection.";
  EndAfter(kLingerTime, "");
  Wake();
}

void EngineClient::End(std::string reason) {
  if (state_ == State::kEnded) return;
  if (state_ == State::kOpen) end_reason_ = std::move(reason);
  state_ = State::kEnded;
  timer_.cancel();
  queue_.clear();
  queued_bytes_ = 0;
  ws_->Abort();
}

std::unexpected<Error> EngineClient::Ended(std::string reason) {
  End(std::move(reason));
  return Fail(ErrorCode::kUnavailable, end_reason_);
}

void EngineClient::EndAfter(TimeDelta delta, std::string reason) {
  timer_.expires_after(ToChrono(delta));
  timer_.async_wait([weak = weak_from_this(), reason = std::move(reason)](error_code ec) {
    const auto self = weak.lock();
    if (!self || ec) return;
    // Where the deadline was moved meanwhile, the later wait is pending.
    if (Clock::now() >= self->timer_.expiry()) self->End(reason);
  });
}

void EngineClient::ExpectPing() {
  if (state_ == State::kOpen) EndAfter(ping_limit_, "The server's pings stopped.");
}

void EngineClient::Wake() {
  if (is_writing_) return;
  is_writing_ = true;
  asio::co_spawn(
      executor_,
      [self = shared_from_this()]() -> asio::awaitable<void> { co_await self->WriteLoop(); },
      asio::detached);
}

asio::awaitable<void> EngineClient::WriteLoop() {
  while (!queue_.empty()) {
    const EngineFramePtr frame = std::move(queue_.front());
    queue_.pop_front();
    const auto written = co_await ws_->Write(ToWebSocket(frame->kind), frame->data);
    // The end empties the queue and its count.
    queued_bytes_ -= std::min(queued_bytes_, frame->data.size() + kFrameCost);
    if (!written) End("The connection to the server broke: " + written.error().message);
  }
  if (state_ == State::kClosing) co_await ws_->Close(net::WebSocketCloseCode::kNormal);
  is_writing_ = false;
}

}  // namespace confab::socketio
