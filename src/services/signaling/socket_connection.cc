#include "services/signaling/socket_connection.h"

#include <any>
#include <memory>
#include <utility>

#include "net/clock.h"
#include "services/signaling/protocol/error_json.h"

namespace confab::signaling {
namespace {

class SocketConnection final : public ClientConnection {
 public:
  SocketConnection(socketio::SocketPtr socket, SignalingMeter& meter)
      : socket_(std::move(socket)), meter_(meter) {}

  void Emit(std::string_view event, json::object payload) override {
    meter_.CountSent(event);
    json::array values;
    values.emplace_back(std::move(payload));
    socket_->Emit(event, socketio::Arguments(std::move(values)));
  }
  void Close() override { socket_->Disconnect(socketio::Socket::DisconnectScope::kConnection); }

 private:
  // Shared with the server; dead calls do nothing.
  socketio::SocketPtr socket_;
  SignalingMeter& meter_;  // the switchboard's, as the connection is
};

// Leaves the pass that the token gives in the socket's data.
asio::awaitable<Result<void>> Authorize(socketio::SocketPtr socket, Handshakes& handshakes) {
  auto pass = handshakes.Check(socket->handshake().auth, net::MonotonicNow());
  if (!pass) co_return std::unexpected(AsSentence(std::move(pass.error())));
  socket->data = std::move(*pass);
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

void AttachSockets(socketio::Server& server, Handshakes& handshakes, Switchboard& switchboard,
                   EventWorker& worker) {
  server.main().OnAuthorize([&handshakes](socketio::SocketPtr socket) {
    return Authorize(std::move(socket), handshakes);
  });
  server.main().OnConnection([&switchboard, &worker](socketio::SocketPtr socket) {
    auto* pass = std::any_cast<Pass>(&socket->data);
    if (pass == nullptr) return socket->Disconnect(socketio::Socket::DisconnectScope::kConnection);
    const std::shared_ptr<Session> session = switchboard.Connect(
        std::make_unique<SocketConnection>(socket, switchboard.meter()), std::move(*pass));
    socket->data.reset();
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
