#pragma once

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "socketio/engine_session.h"
#include "socketio/handlers.h"
#include "socketio/message.h"
#include "socketio/packet.h"

namespace confab::socketio {

class Namespace;
class ServerCore;

// One client's connection: puts packets together and hands them to the socket of their namespace.
// Shared by the session below and the sockets above; both let go at the close.
class Connection final : public EngineListener, public std::enable_shared_from_this<Connection> {
 public:
  // `session` calls OnClosed before it ends.
  Connection(std::shared_ptr<ServerCore> core, EngineSession& session);
  // Starts to wait for the first CONNECT.
  void Start();

  void OnText(std::string_view text) override;
  void OnBinary(Blob bytes) override;
  void OnClosed(DisconnectReason reason) override;

  void Send(const Message& message);
  size_t queued_bytes() const { return session_ ? session_->queued_bytes() : 0; }
  ServerCore& core() { return *core_; }

  // A socket leaves; Namespace and Socket do their part.
  void Leave(Socket& socket);
  void Close(DisconnectReason reason);

 private:
  void HandlePacket(Packet packet);
  void HandleConnect(Packet packet);
  void ParseError();
  asio::awaitable<void> Authorize(SocketPtr socket);
  void Confirm(const SocketPtr& socket);
  void Refuse(const std::string& nsp, const Error& error);

  // Shared: see ServerCore.
  std::shared_ptr<ServerCore> core_;
  EngineSession* session_;  // null after OnClosed
  PacketAssembler assembler_;
  asio::steady_timer connect_timer_;
  std::map<std::string, SocketPtr> sockets_;  // by namespace
  std::set<std::string> connecting_;          // namespaces that are being authorized
  std::set<std::string> left_;                // namespaces that were joined once
};

}  // namespace confab::socketio
