#include "services/signaling/socket_connection.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "services/signaling/protocol/requests.h"

namespace confab::signaling {
namespace {

constexpr int64_t kProtocolVersion = 1;

class SocketConnection final : public ClientConnection {
 public:
  explicit SocketConnection(socketio::SocketPtr socket) : socket_(std::move(socket)) {}

  void Emit(std::string_view event, json::object payload) override {
    json::array values;
    values.emplace_back(std::move(payload));
    socket_->Emit(event, socketio::Arguments(std::move(values)));
  }
  void Close() override { socket_->Disconnect(socketio::Socket::DisconnectScope::kConnection); }

 private:
  // Shared with the server; dead calls do nothing.
  socketio::SocketPtr socket_;
};

asio::awaitable<Result<void>> CheckProtocol(socketio::SocketPtr socket) {
  const Result<ProtocolRange> range = ParseProtocolRange(socket->handshake().auth);
  if (!range) co_return std::unexpected(range.error());
  if (range->min > kProtocolVersion || range->max < kProtocolVersion) {
    co_return Fail(ErrorCode::kUnsupportedProtocol,
                   fmt::format("this server speaks version {} of the protocol, you speak {} to {}; "
                               "reload the page or update the older side",
                               kProtocolVersion, range->min, range->max));
  }
  co_return Result<void>();
}

ClientEvent ToClientEvent(std::string_view name, socketio::Arguments arguments,
                          socketio::Acknowledge acknowledge) {
  json::value payload;
  if (arguments.size() > 0) payload = std::move(arguments.values[0]);
  auto answer = [acknowledge = std::move(acknowledge)](json::value result) mutable {
    json::array values;
    values.push_back(std::move(result));
    acknowledge(socketio::Arguments(std::move(values)));
  };
  return {.name = std::string(name), .payload = std::move(payload), .answer = std::move(answer)};
}

}  // namespace

void AttachSockets(socketio::Server& server, Switchboard& switchboard, EventWorker& worker) {
  server.main().OnAuthorize(
      [](socketio::SocketPtr socket) { return CheckProtocol(std::move(socket)); });
  server.main().OnConnection([&switchboard, &worker](socketio::SocketPtr socket) {
    const std::shared_ptr<Session> session =
        switchboard.Connect(std::make_unique<SocketConnection>(socket));
    socket->OnAny([&worker, session](std::string_view name, socketio::Arguments arguments,
                                     socketio::Acknowledge acknowledge) {
      worker.Receive(session, ToClientEvent(name, std::move(arguments), std::move(acknowledge)));
    });
    socket->OnDisconnect([&switchboard, session](socketio::DisconnectReason) {
      switchboard.Disconnected(*session);
    });
  });
}

}  // namespace confab::signaling
