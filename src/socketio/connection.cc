#include "socketio/connection.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/id.h"
#include "socketio/namespace.h"
#include "socketio/server_core.h"
#include "socketio/socket.h"

namespace confab::socketio {
namespace {

Message ConnectMessage(const std::string& nsp, const std::string& sid) {
  Packet packet;
  packet.type = PacketType::kConnect;
  packet.nsp = nsp;
  packet.object = {{"sid", sid}};
  return MakeMessage(EncodeHeader(packet));
}

Message ConnectErrorMessage(const std::string& nsp, boost::json::object object) {
  Packet packet;
  packet.type = PacketType::kConnectError;
  packet.nsp = nsp;
  packet.object = std::move(object);
  return MakeMessage(EncodeHeader(packet));
}

}  // namespace

Connection::Connection(std::shared_ptr<ServerCore> core, EngineSession& session)
    : core_(std::move(core)), session_(&session), connect_timer_(core_->executor) {}

void Connection::Start() {
  connect_timer_.expires_after(ToChrono(core_->options.connect_timeout));
  connect_timer_.async_wait([weak = weak_from_this()](error_code ec) {
    const auto self = weak.lock();
    if (self && !ec) self->Close(DisconnectReason::kTransportClose);
  });
}

void Connection::OnText(std::string_view text) {
  auto packet = assembler_.AddText(text);
  if (!packet) return ParseError();
  if (*packet) HandlePacket(std::move(**packet));
}

void Connection::OnBinary(Blob bytes) {
  auto packet = assembler_.AddBinary(std::move(bytes));
  if (!packet) return ParseError();
  if (*packet) HandlePacket(std::move(**packet));
}

void Connection::OnClosed(DisconnectReason reason) {
  const auto self = shared_from_this();
  session_ = nullptr;
  connect_timer_.cancel();
  for (const auto& [nsp, socket] : std::exchange(sockets_, {})) socket->Closed(reason);
}

void Connection::Send(const Message& message) {
  if (!session_) return;
  for (const EngineFramePtr& frame : message) session_->Send(frame);
}

void Connection::Leave(Socket& socket) {
  const std::string nsp = socket.owner().name();
  sockets_.erase(nsp);
  left_.insert(nsp);
}

void Connection::Close(DisconnectReason reason) {
  if (session_) session_->Close(reason);
}

void Connection::ParseError() {
  ++core_->parse_errors;
  Close(DisconnectReason::kParseError);
}

void Connection::HandlePacket(Packet packet) {
  if (packet.type == PacketType::kConnect) return HandleConnect(std::move(packet));
  const auto found = sockets_.find(packet.nsp);
  if (found == sockets_.end()) {
    // Under way while the server ended the socket, or being authorized: not the client's fault.
    if (!left_.contains(packet.nsp) && !connecting_.contains(packet.nsp)) return ParseError();
    ++core_->dropped_events;
    return;
  }
  const SocketPtr socket = found->second;
  switch (packet.type) {
    case PacketType::kEvent:
    case PacketType::kBinaryEvent: return socket->HandleEvent(std::move(packet));
    case PacketType::kAck:
    case PacketType::kBinaryAck: return socket->HandleAck(std::move(packet));
    case PacketType::kDisconnect:
      Leave(*socket);
      return socket->Closed(DisconnectReason::kClientDisconnect);
    case PacketType::kConnect:
    case PacketType::kConnectError: return ParseError();
  }
}

void Connection::HandleConnect(Packet packet) {
  const auto found = core_->namespaces.find(packet.nsp);
  if (found == core_->namespaces.end()) {
    return Send(ConnectErrorMessage(packet.nsp, {{"message", "Invalid namespace"}}));
  }
  if (sockets_.contains(packet.nsp) || !connecting_.insert(packet.nsp).second) {
    return ParseError();  // connected already
  }
  Namespace& nsp = *found->second;
  std::array<uint8_t, 16> id;
  core_->random.Fill(id);
  Handshake handshake = session_->handshake();
  handshake.auth = std::move(packet.object);
  // The constructor is private to the module's classes.
  const SocketPtr socket(new Socket(nsp, EncodeId(id), std::move(handshake)));
  if (!nsp.on_authorize_) return Confirm(socket);
  asio::co_spawn(
      core_->executor,
      [self = shared_from_this(), socket]() -> asio::awaitable<void> {
        co_await self->Authorize(socket);
      },
      asio::detached);
}

asio::awaitable<void> Connection::Authorize(SocketPtr socket) {
  Result<void> result;
  try {
    // A copy keeps the handler alive while it waits.
    const auto authorize = socket->owner().on_authorize_;
    result = co_await authorize(socket);
  } catch (const std::exception&) {
    ++core_->handler_exceptions;
    result = Fail(ErrorCode::kInternal, "The server failed to let this connection in.");
  }
  if (session_ && result) co_return Confirm(socket);
  const std::string nsp = socket->owner().name();
  connecting_.erase(nsp);
  socket->owner().Remove(*socket);
  socket->DropHandlers();
  if (session_) Refuse(nsp, result.error());
}

void Connection::Confirm(const SocketPtr& socket) {
  const std::string nsp = socket->owner().name();
  connecting_.erase(nsp);
  connect_timer_.cancel();
  sockets_.emplace(nsp, socket);
  socket->connection_ = shared_from_this();
  socket->owner().Add(socket);
  Send(ConnectMessage(nsp, socket->id()));
  if (!socket->owner().on_connection_) return;
  try {
    socket->owner().on_connection_(socket);
  } catch (const std::exception&) {
    ++core_->handler_exceptions;
    socket->Disconnect();
  }
}

void Connection::Refuse(const std::string& nsp, const Error& error) {
  const boost::json::object data{{"code", ToString(error.code)}, {"message", error.message}};
  Send(ConnectErrorMessage(nsp, {{"message", error.message}, {"data", data}}));
}

}  // namespace confab::socketio
