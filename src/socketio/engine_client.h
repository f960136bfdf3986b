#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "net/asio.h"
#include "net/websocket.h"
#include "socketio/engine_packet.h"

namespace confab::socketio {

struct EngineClientOptions {
  std::string url;    // http://host[:port], as socket.io-client takes it
  std::string query;  // further parameters of the handshake, percent-encoded: "room=NAME"
  TimeDelta connect_limit = TimeDelta::Seconds(10);  // until the open packet
  size_t max_message_bytes = 1'000'000;              // of one that comes in; beyond: the end
  size_t max_queued_bytes = 4 * 1024 * 1024;         // waiting to be sent; beyond: the end
};

// The client's end of one Engine.IO 4 session, on a WebSocket from its first packet. Answers the
// server's pings and ends where they stop. One thread. Shared by its owner and the coroutine that
// writes; nothing else keeps it alive.
class EngineClient final : public std::enable_shared_from_this<EngineClient> {
 public:
  // Error: kInvalidMessage (url), kUnavailable (with what failed).
  static asio::awaitable<Result<std::shared_ptr<EngineClient>>> Connect(
      EngineClientOptions options);
  EngineClient(const asio::any_io_executor& executor, std::unique_ptr<net::WebSocket> ws,
               EngineClientOptions options);

  // The next message packet; one Read at a time. Pings are answered while it waits, so someone must
  // always be reading. Error kUnavailable: the session has ended, and why.
  asio::awaitable<Result<EnginePacket>> Read();
  // Queues; never blocks, never calls back. After the end it does nothing.
  void Send(EngineFramePtr frame);
  // Sends what is queued, then closes; the end, which Read tells, comes in a bounded time.
  void Close();
  // Ends at once. The first reason stays.
  void End(std::string reason);

 private:
  using Clock = std::chrono::steady_clock;
  enum class State : uint8_t { kOpen, kClosing, kEnded };

  asio::awaitable<Result<net::WebSocketMessage>> ReadFromWebSocket();
  asio::awaitable<Result<void>> ReadOpen();
  Result<void> TakeOpen(const std::string& text);
  std::unexpected<Error> Ended(std::string reason);
  void EndAfter(TimeDelta delta, std::string reason);
  void ExpectPing();
  void Wake();
  asio::awaitable<void> WriteLoop();

  asio::any_io_executor executor_;
  std::unique_ptr<net::WebSocket> ws_;
  EngineClientOptions options_;
  State state_ = State::kOpen;
  std::string end_reason_;
  TimeDelta ping_limit_;      // pingInterval + pingTimeout of the open packet
  asio::steady_timer timer_;  // one deadline at a time: open packet, next ping, or the close
  std::deque<EngineFramePtr> queue_;
  size_t queued_bytes_ = 0;  // each frame with kFrameCost
  bool is_writing_ = false;
};

}  // namespace confab::socketio
