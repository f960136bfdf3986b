#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "net/event.h"
#include "net/websocket.h"
#include "socketio/arguments.h"
#include "socketio/disconnect_reason.h"
#include "socketio/engine_packet.h"
#include "socketio/handshake.h"
#include "socketio/options.h"

namespace confab::net {
class Stream;
}

namespace confab::socketio {

class EngineCore;

// Who speaks above an Engine.IO session. May call Send and Close of the session from within.
class EngineListener {
 public:
  virtual ~EngineListener() = default;
  virtual void OnText(std::string_view text) = 0;
  virtual void OnBinary(Blob bytes) = 0;
  // Once; nothing comes after it, and the session must not be used any more.
  virtual void OnClosed(DisconnectReason reason) = 0;
};

// One Engine.IO session: a queue towards the client, the heartbeat, and the transport, which is
// HTTP long-polling or a WebSocket and may go from the first to the second. Shared by the server's
// table and the coroutines of its requests.
class EngineSession final : public std::enable_shared_from_this<EngineSession> {
 public:
  EngineSession(std::shared_ptr<EngineCore> core, std::string id, Handshake handshake);
  EngineSession(const EngineSession&) = delete;
  EngineSession& operator=(const EngineSession&) = delete;

  const std::string& id() const { return id_; }
  const Handshake& handshake() const { return handshake_; }
  size_t queued_bytes() const { return queued_bytes_; }
  bool is_open() const { return state_ == State::kOpen; }

  // Sends the open packet, which names the transports to upgrade to, and starts the heartbeat.
  enum class Upgrades : uint8_t { kNone, kWebSocket };
  void Open(Upgrades upgrades);
  void SetListener(std::shared_ptr<EngineListener> listener) { listener_ = std::move(listener); }

  // Queues; never blocks, never calls back. A full queue ends the session a turn later.
  void Send(EngineFramePtr frame);
  // Ends the session. What is queued still goes out (in a bounded time) where the server closes
  // of its own will; every other reason drops it.
  void Close(DisconnectReason reason);

  // The transports' side.
  // GET: waits for packets. POST: takes packets.
  asio::awaitable<net::HttpResponse> Poll(net::HttpRequest& request);
  net::HttpResponse Post(const net::HttpRequest& request);
  // A WebSocket that begins the session, or that takes over from polling after the probe. Return
  // when the WebSocket is done with.
  asio::awaitable<void> RunWebSocket(std::shared_ptr<net::WebSocket> ws, net::Stream& stream);
  asio::awaitable<void> RunUpgrade(std::shared_ptr<net::WebSocket> ws, net::Stream& stream);
  bool is_polling() const { return transport_ == Transport::kPolling; }
  // Closes where the heartbeat is overdue: its timer may run a moment late.
  void CheckHeartbeat();

 private:
  using Clock = std::chrono::steady_clock;
  enum class State : uint8_t { kOpen, kFlushing, kClosed };
  enum class Transport : uint8_t { kPolling, kWebSocket };
  enum class UpgradeState : uint8_t { kNone, kProbing, kProbed };
  enum class Heartbeat : uint8_t { kPingDue, kPongDue };

  void HandlePacket(EnginePacket packet);
  void HandleFromWebSocket(net::WebSocketMessage message);
  void StartHeartbeat(Clock::time_point deadline, Heartbeat next);
  void HeartbeatDue();
  // The transport has new work: frames, or the end.
  void Wake();
  void Forget();
  void Linger();
  asio::awaitable<void> WaitForPackets();
  std::string PollBody();
  std::string TakePayload();
  asio::awaitable<bool> Probe(net::WebSocket& ws, net::Stream& stream);
  asio::awaitable<void> WriteLoop(net::WebSocket& ws);
  const EngineOptions& options() const;

  // Shared: see EngineCore.
  std::shared_ptr<EngineCore> core_;
  std::string id_;
  Handshake handshake_;
  // Shared with the layer above, which is dropped at the close.
  std::shared_ptr<EngineListener> listener_;
  State state_ = State::kOpen;
  Transport transport_ = Transport::kPolling;
  UpgradeState upgrade_ = UpgradeState::kNone;
  Heartbeat heartbeat_ = Heartbeat::kPingDue;
  Clock::time_point heartbeat_at_;
  asio::steady_timer heartbeat_timer_;
  asio::steady_timer linger_timer_;
  std::deque<EngineFramePtr> queue_;
  size_t queued_bytes_ = 0;
  bool overflowed_ = false;
  bool poll_waits_ = false;
  EngineType final_poll_ = EngineType::kClose;  // answers a poll that waits at the close
  net::Event poll_wake_;
  // Shared by the reading and the writing coroutine.
  std::shared_ptr<net::WebSocket> ws_;
  bool is_writing_ = false;
  net::Event write_done_;
};

}  // namespace confab::socketio
