#include "socketio/engine_session.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "net/stream.h"
#include "socketio/engine_reply.h"
#include "socketio/engine_server.h"
#include "socketio/engine_websocket.h"

namespace confab::socketio {
namespace {

constexpr TimeDelta kStrayPollTime = TimeDelta::Millis(25);

// What a frame that waits takes besides its data: many small ones must not count for nothing.
constexpr size_t kFrameOverhead = 128;

size_t CostOf(const EngineFrame& frame) {
  return frame.data.size() + kFrameOverhead;
}

bool Flushes(DisconnectReason reason) {
  return reason == DisconnectReason::kServerDisconnect || reason == DisconnectReason::kShuttingDown;
}

// The peer does not read or does not live: a close frame would wait for it.
bool Aborts(DisconnectReason reason) {
  return reason == DisconnectReason::kSlowReader || reason == DisconnectReason::kPingTimeout;
}

}  // namespace

EngineSession::EngineSession(std::shared_ptr<EngineCore> core, std::string id, Handshake handshake)
    : core_(std::move(core)),
      id_(std::move(id)),
      handshake_(std::move(handshake)),
      heartbeat_timer_(core_->executor),
      linger_timer_(core_->executor),
      poll_wake_(core_->executor),
      write_done_(core_->executor) {}

const EngineOptions& EngineSession::options() const {
  return core_->options;
}

void EngineSession::Open(Upgrades upgrades) {
  boost::json::array names;
  if (upgrades == Upgrades::kWebSocket) names.emplace_back("websocket");
  const boost::json::object open{{"sid", id_},
                                 {"upgrades", names},
                                 {"pingInterval", options().ping_interval.ms()},
                                 {"pingTimeout", options().ping_timeout.ms()},
                                 {"maxPayload", options().max_payload}};
  Send(TextFrame(EngineType::kOpen, boost::json::serialize(open)));
  StartHeartbeat(Clock::now() + ToChrono(options().ping_interval), Heartbeat::kPingDue);
}

void EngineSession::Send(EngineFramePtr frame) {
  if (state_ != State::kOpen || overflowed_) return;
  queued_bytes_ += CostOf(*frame);
  queue_.push_back(std::move(frame));
  ++core_->counters.packets_out;
  if (queued_bytes_ <= options().max_queued_bytes) return Wake();
  overflowed_ = true;
  // A turn later: whoever sends does not expect the disconnect inside its call.
  asio::post(core_->executor, [self = shared_from_this()] {
    if (self->is_open()) ++self->core_->counters.slow_readers;
    self->Close(DisconnectReason::kSlowReader);
  });
}

void EngineSession::Close(DisconnectReason reason) {
  if (state_ != State::kOpen) return;
  const auto self = shared_from_this();
  heartbeat_timer_.cancel();
  if (Flushes(reason)) {
    state_ = State::kFlushing;
  } else {
    state_ = State::kClosed;
    queue_.clear();
    queued_bytes_ = 0;
  }
  // An upgrade under way goes on where there is something to flush: a stock client that was
  // promised the upgrade has stopped polling, and would hear of the end by its heartbeat only.
  if (ws_ && (Aborts(reason) || (is_polling() && state_ == State::kClosed))) ws_->Abort();
  if (is_polling() && !poll_waits_ && state_ == State::kClosed) {
    Forget();
  } else {
    Linger();
  }
  Wake();
  if (const auto listener = std::exchange(listener_, nullptr)) listener->OnClosed(reason);
}

void EngineSession::Linger() {
  linger_timer_.expires_after(ToChrono(kLingerTime));
  linger_timer_.async_wait([weak = weak_from_this()](error_code ec) {
    const auto self = weak.lock();
    if (!self || ec) return;
    self->state_ = State::kClosed;
    if (self->ws_) self->ws_->Abort();
    self->Forget();
  });
}

void EngineSession::Forget() {
  linger_timer_.cancel();
  core_->sessions.erase(id_);
}

void EngineSession::StartHeartbeat(Clock::time_point deadline, Heartbeat next) {
  heartbeat_ = next;
  heartbeat_at_ = deadline;
  heartbeat_timer_.expires_at(deadline);
  heartbeat_timer_.async_wait([weak = weak_from_this()](error_code ec) {
    const auto self = weak.lock();
    if (self && !ec && self->is_open()) self->HeartbeatDue();
  });
}

void EngineSession::HeartbeatDue() {
  if (Clock::now() < heartbeat_at_) return;  // moved meanwhile: the later wait is pending
  if (heartbeat_ == Heartbeat::kPongDue) {
    ++core_->counters.ping_timeouts;
    return Close(DisconnectReason::kPingTimeout);
  }
  Send(TextFrame(EngineType::kPing, ""));
  StartHeartbeat(heartbeat_at_ + ToChrono(options().ping_timeout), Heartbeat::kPongDue);
}

void EngineSession::CheckHeartbeat() {
  if (is_open() && heartbeat_ == Heartbeat::kPongDue) HeartbeatDue();
}

void EngineSession::HandlePacket(EnginePacket packet) {
  ++core_->counters.packets_in;
  switch (packet.type) {
    case EngineType::kMessage: {
      const auto listener = listener_;
      if (!listener) return;
      if (packet.kind == EngineFrame::Kind::kText) return listener->OnText(packet.data);
      const BytesView bytes = AsBytes(packet.data);
      return listener->OnBinary(Blob(bytes.begin(), bytes.end()));
    }
    case EngineType::kPong:
      return StartHeartbeat(Clock::now() + ToChrono(options().ping_interval), Heartbeat::kPingDue);
    case EngineType::kClose:
      final_poll_ = EngineType::kNoop;
      return Close(DisconnectReason::kTransportClose);
    case EngineType::kOpen:
    case EngineType::kPing:  // the server pings in revision 4
    case EngineType::kUpgrade:
    case EngineType::kNoop: return Close(DisconnectReason::kTransportError);
  }
}

void EngineSession::Wake() {
  if (is_polling()) return poll_wake_.Set();
  if (!ws_ || is_writing_ || (queue_.empty() && is_open())) return;
  is_writing_ = true;
  write_done_.Reset();
  asio::co_spawn(
      core_->executor,
      [self = shared_from_this(), ws = ws_]() -> asio::awaitable<void> {
        co_await self->WriteLoop(*ws);
      },
      asio::detached);
}

// --- HTTP long-polling ---

// Once the upgrade is probed, a poll that was there before is answered at once, so that the client
// can pause polling and finish the upgrade. One that came later may be a stray one behind the
// client's last upgrade packet, on another connection: that packet gets a moment to arrive.
asio::awaitable<void> EngineSession::WaitForPackets() {
  bool may_be_stray = upgrade_ != UpgradeState::kNone;
  while (is_open() && queue_.empty() && is_polling()) {
    TimeDelta limit = TimeDelta::Infinite();
    if (upgrade_ == UpgradeState::kProbed) {
      if (!std::exchange(may_be_stray, false)) co_return;
      limit = kStrayPollTime;
    }
    poll_wake_.Reset();
    co_await poll_wake_.Wait(limit);
  }
}

asio::awaitable<net::HttpResponse> EngineSession::Poll(net::HttpRequest& request) {
  if (poll_waits_) {
    Close(DisconnectReason::kTransportError);
    co_return EngineErrorReply(EngineErrorCode::kBadRequest);
  }
  const auto self = shared_from_this();
  poll_waits_ = true;
  request.on_client_gone = [weak = weak_from_this()] {
    if (const auto session = weak.lock()) session->Close(DisconnectReason::kTransportClose);
  };
  co_await WaitForPackets();
  request.on_client_gone = nullptr;
  poll_waits_ = false;
  if (!is_polling()) co_return EngineErrorReply(EngineErrorCode::kBadRequest);
  co_return net::TextResponse(200, PollBody());
}

// The close packet comes alone: a stock client drops what shares a payload with it.
std::string EngineSession::PollBody() {
  if (!queue_.empty()) return TakePayload();
  if (is_open()) return {static_cast<char>(EngineType::kNoop)};
  Forget();
  return {static_cast<char>(final_poll_)};
}

std::string EngineSession::TakePayload() {
  std::vector<EngineFramePtr> frames;
  size_t bytes = 0;
  size_t cost = 0;
  while (!queue_.empty() && (frames.empty() || bytes < options().max_payload)) {
    bytes += queue_.front()->data.size();
    cost += CostOf(*queue_.front());
    frames.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  queued_bytes_ -= cost;
  return EncodePayload(frames);
}

net::HttpResponse EngineSession::Post(const net::HttpRequest& request) {
  const auto self = shared_from_this();
  if (request.body.size() > options().max_payload) {
    Close(DisconnectReason::kTransportError);
    return net::TextResponse(413, "The payload is larger than maxPayload.");
  }
  auto packets = DecodePayload(request.body);
  if (!packets) {
    ++core_->counters.parse_errors;
    Close(DisconnectReason::kParseError);
    return EngineErrorReply(EngineErrorCode::kBadRequest);
  }
  for (EnginePacket& packet : *packets) {
    if (!is_open()) break;
    HandlePacket(std::move(packet));
  }
  net::HttpResponse response = net::TextResponse(200, "ok");
  response.headers.Set("Content-Type", "text/html");
  return response;
}

// --- WebSocket ---

asio::awaitable<void> EngineSession::WriteLoop(net::WebSocket& ws) {
  while (!queue_.empty()) {
    const EngineFramePtr frame = std::move(queue_.front());
    queue_.pop_front();
    const auto written = co_await ws.Write(ToWebSocket(frame->kind), frame->data);
    // Close may have emptied the queue and its count meanwhile.
    queued_bytes_ -= std::min(queued_bytes_, CostOf(*frame));
    if (!written) break;
  }
  if (!is_open()) co_await ws.Close(net::WebSocketCloseCode::kNormal);
  is_writing_ = false;
  write_done_.Set();
}

void EngineSession::HandleFromWebSocket(net::WebSocketMessage message) {
  if (message.kind == net::WebSocketMessage::Kind::kBinary) {
    EnginePacket packet{EngineType::kMessage, EngineFrame::Kind::kBinary, std::move(message.data)};
    return HandlePacket(std::move(packet));
  }
  auto packet = DecodeEngineText(message.data);
  if (!packet) {
    ++core_->counters.parse_errors;
    return Close(DisconnectReason::kParseError);
  }
  HandlePacket(std::move(*packet));
}

asio::awaitable<void> EngineSession::RunWebSocket(std::shared_ptr<net::WebSocket> ws,
                                                  net::Stream& stream) {
  const auto self = shared_from_this();
  transport_ = Transport::kWebSocket;
  ws_ = ws;
  Wake();
  for (;;) {
    auto message = co_await ws->Read();
    if (!message) {
      if (message.error().code != ErrorCode::kUnavailable) ++core_->counters.parse_errors;
      break;
    }
    if (is_open()) HandleFromWebSocket(std::move(*message));
  }
  Close(DisconnectReason::kTransportClose);
  stream.Close();
  while (is_writing_) co_await write_done_.Wait();
  ws_ = nullptr;
  Forget();
}

asio::awaitable<bool> EngineSession::Probe(net::WebSocket& ws, net::Stream& stream) {
  stream.ExpireAfter(options().upgrade_timeout);
  const auto probe = co_await ws.Read();
  if (!probe || probe->data != "2probe" || state_ == State::kClosed) co_return false;
  const auto written = co_await ws.Write(net::WebSocketMessage::Kind::kText, "3probe");
  if (!written || state_ == State::kClosed) co_return false;
  upgrade_ = UpgradeState::kProbed;
  poll_wake_.Set();
  const auto upgrade = co_await ws.Read();
  stream.NeverExpire();
  co_return upgrade && upgrade->data == "5" && state_ != State::kClosed;
}

asio::awaitable<void> EngineSession::RunUpgrade(std::shared_ptr<net::WebSocket> ws,
                                                net::Stream& stream) {
  const auto self = shared_from_this();
  if (!is_open() || !is_polling() || upgrade_ != UpgradeState::kNone) {
    co_await ws->Close(net::WebSocketCloseCode::kPolicyError);
    co_return;
  }
  upgrade_ = UpgradeState::kProbing;
  ws_ = ws;
  const bool upgraded = co_await Probe(*ws, stream);
  upgrade_ = UpgradeState::kNone;
  ws_ = nullptr;
  if (!upgraded) co_return stream.Close();
  ++core_->counters.upgrades;
  transport_ = Transport::kWebSocket;
  poll_wake_.Set();
  co_await RunWebSocket(std::move(ws), stream);
}

}  // namespace confab::socketio
