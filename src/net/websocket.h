#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/asio.h"
#include "net/http_message.h"

namespace confab::net {

class Stream;

struct WebSocketMessage {
  enum class Kind : uint8_t { kText, kBinary };
  Kind kind = Kind::kText;
  std::string data;
};

// The close codes that are used here (RFC 6455 §7.4.1).
enum class WebSocketCloseCode : uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kPolicyError = 1008,
  kTooBig = 1009,
};

// One end of a WebSocket (RFC 6455): the server's on a connection that HttpHandler::Upgrade was
// given, or the client's that ConnectWebSocket made. No extensions. Pings of the peer are answered
// while Read() waits. At most one Read and one Write at a time; they may overlap each other and
// Close.
class WebSocket {
 public:
  // `stream` must outlive the object. A longer message closes the connection with 1009.
  WebSocket(Stream& stream, size_t max_message_bytes);
  // The same on a stream of its own.
  WebSocket(std::unique_ptr<Stream> stream, size_t max_message_bytes);
  ~WebSocket();

  // Server side: answers the handshake with 101. Error kInvalidMessage: no valid handshake, the
  // peer was told.
  asio::awaitable<Result<void>> Accept(const HttpRequest& request);
  // Client side: asks for the WebSocket at `target`, and checks the answer (RFC 6455 §4.1).
  // `authority` becomes the Host field. Error kUnavailable: refused, no valid answer, broken.
  asio::awaitable<Result<void>> Request(std::string authority, std::string target);
  // The next message. Error kUnavailable: closed by either side or broken. A peer that breaks the
  // protocol (text not in UTF-8, wrong frames) or says too much at once is told with a close frame:
  // kInvalidMessage, kLimitExceeded.
  asio::awaitable<Result<WebSocketMessage>> Read();
  // `data` must live until the coroutine ends.
  asio::awaitable<Result<void>> Write(WebSocketMessage::Kind kind, std::string_view data);
  // Sends a close frame and waits a bounded time for the peer's. The code 1005 or 1006 is not sent.
  asio::awaitable<void> Close(WebSocketCloseCode code);
  // Drops the connection at once: pending reads and writes fail.
  void Abort();

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

}  // namespace confab::net
