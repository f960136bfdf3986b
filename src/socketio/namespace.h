#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "net/asio.h"
#include "socketio/handlers.h"

namespace confab::socketio {

class Connection;
class Namespace;
class Socket;

// A message to many: `ns.To("room").Except(socket.id()).Emit("joined", {…})`. Encoded once for all
// receivers. A temporary: use it in one expression.
class Broadcast {
 public:
  // Another room: a socket that is in several gets the message once.
  Broadcast& To(std::string room);
  // Leaves out the sockets of this room; every socket's id is a room.
  Broadcast& Except(std::string room);
  void Emit(std::string_view event, const Arguments& arguments = {});

 private:
  friend class Namespace;
  explicit Broadcast(Namespace& ns) : namespace_(ns) {}
  std::unordered_set<Socket*> Receivers() const;

  Namespace& namespace_;
  std::vector<std::string> rooms_;  // empty: all
  std::vector<std::string> except_;
};

// A part of the server with handlers and rooms of its own; "/" is the main one. Owned by the
// Server, found with Server::Of.
class Namespace {
 public:
  Namespace(const asio::any_io_executor& executor, std::string name);
  ~Namespace();
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;

  const std::string& name() const { return name_; }

  // Before the connection is confirmed: may look at handshake(), set data, join rooms, and refuse.
  // A refusal reaches the client as connect_error with the error's message and
  // data {"code":…,"message":…}. Nothing may be emitted yet (it does nothing). An exception
  // refuses.
  void OnAuthorize(std::function<asio::awaitable<Result<void>>(SocketPtr)> handler);
  // After the confirmation was queued: set the event handlers here; Emit works.
  void OnConnection(std::function<void(SocketPtr)> handler);

  Broadcast To(std::string room);
  Broadcast ToAll() { return Broadcast(*this); }

  // nullptr where there is none of that id.
  SocketPtr Find(const std::string& socket_id) const;
  size_t size() const { return sockets_.size(); }
  // The sockets of a room in no order; empty for an unknown one.
  std::vector<SocketPtr> In(const std::string& room) const;

 private:
  friend class Broadcast;
  friend class Connection;
  friend class Socket;

  void Join(Socket& socket, const std::string& room);
  void Leave(Socket& socket, const std::string& room);
  void Add(const SocketPtr& socket);
  void Remove(Socket& socket);

  asio::any_io_executor executor_;
  std::string name_;
  std::function<asio::awaitable<Result<void>>(SocketPtr)> on_authorize_;
  std::function<void(SocketPtr)> on_connection_;
  std::unordered_map<std::string, SocketPtr> sockets_;
  std::unordered_map<std::string, std::unordered_set<Socket*>> rooms_;
};

}  // namespace confab::socketio
