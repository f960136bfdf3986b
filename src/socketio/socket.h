#pragma once

#include <any>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/units.h"
#include "socketio/acknowledge.h"
#include "socketio/disconnect_reason.h"
#include "socketio/handlers.h"
#include "socketio/handshake.h"

namespace confab::socketio {

class Connection;
class Namespace;
struct Packet;

// One client in one namespace. Made by the server; users hold a SocketPtr. Lives on the server's
// thread. After the disconnect its handlers are dropped (so they may hold the SocketPtr), and every
// call does nothing.
class Socket final : public std::enable_shared_from_this<Socket> {
 public:
  // Of an acknowledgement that a client owes: the arguments, or kUnavailable when the time is over
  // or the client is gone. Called exactly once.
  using AckHandler = std::function<void(Result<Arguments>)>;

  enum class DisconnectScope : uint8_t {
    kNamespace,  // the client leaves this namespace, its connection stays
    // The connection is closed without a DISCONNECT: stock clients come back by themselves, unless
    // an event has told their owner to stop them.
    kConnection,
  };

  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // 128 random bits as text, not the Engine.IO session id.
  const std::string& id() const { return id_; }
  const Handshake& handshake() const { return handshake_; }
  Namespace& owner() const { return namespace_; }
  bool is_connected() const { return connection_ != nullptr; }
  // Where the server runs, for timers and coroutines of the owner; after the disconnect as well.
  asio::any_io_executor executor() const;
  // Bytes that wait to be sent on the connection (all its namespaces).
  size_t queued_bytes() const;

  // One handler per event; a second replaces the first. Set them inside OnConnection: nothing can
  // arrive before it returns. Events without a handler go to OnAny or are acknowledged with
  // kInvalidMessage.
  template <typename F>
  void On(std::string event, F function) {
    if constexpr (Coroutine<F, Arguments, Acknowledge>) {
      SetHandler(std::move(event), Spawning(EventCoroutine(std::move(function))));
    } else {
      SetHandler(std::move(event), std::move(function));
    }
  }
  template <typename F>
  void OnAny(F function) {
    if constexpr (Coroutine<F, std::string, Arguments, Acknowledge>) {
      SetAnyHandler(SpawningAny(AnyEventCoroutine(std::move(function))));
    } else {
      SetAnyHandler(std::move(function));
    }
  }
  // Called once. Rooms are still there while it runs.
  void OnDisconnect(std::function<void(DisconnectReason)> handler);

  void Emit(std::string_view event, const Arguments& arguments = {});
  // The same, and asks for an acknowledgement within `timeout`.
  void Emit(std::string_view event, const Arguments& arguments, AckHandler on_ack,
            TimeDelta timeout);

  // Rooms are names inside the namespace, for Namespace::To. A room is gone with its last socket.
  // Every socket is in the room of its own id.
  void Join(const std::string& room);
  void Leave(const std::string& room);
  const std::set<std::string>& rooms() const { return rooms_; }

  void Disconnect(DisconnectScope scope = DisconnectScope::kNamespace);

  // The owner's own state for this socket.
  std::any data;

 private:
  friend class Acknowledge;
  friend class Broadcast;
  friend class Connection;
  friend class Namespace;
  struct PendingAck;

  Socket(Namespace& owner, std::string id, Handshake handshake);

  void SetHandler(std::string event, EventFunction function);
  void SetAnyHandler(AnyEventFunction function);
  EventFunction Spawning(EventCoroutine coroutine);
  AnyEventFunction SpawningAny(AnyEventCoroutine coroutine);

  void HandleEvent(Packet packet);
  void HandleAck(Packet packet);
  void Dispatch(const std::string& event, Arguments arguments, Acknowledge acknowledge);
  void Spawn(std::function<asio::awaitable<void>()> start, Acknowledge guard);
  void SendAck(uint64_t id, const Arguments& arguments);
  void FinishAck(uint64_t id, Result<Arguments> result);
  // Handlers may hold the SocketPtr: without this the socket would live for ever.
  void DropHandlers();
  // Ends this socket: acknowledgements fail, OnDisconnect runs, rooms and handlers go.
  void Closed(DisconnectReason reason);

  Namespace& namespace_;
  // Shared with the server; null before the confirmation and after the disconnect.
  std::shared_ptr<Connection> connection_;
  std::string id_;
  Handshake handshake_;
  // Shared with a running call: a handler may replace itself or end the socket.
  std::unordered_map<std::string, std::shared_ptr<const EventFunction>> handlers_;
  std::shared_ptr<const AnyEventFunction> any_handler_;
  std::function<void(DisconnectReason)> on_disconnect_;
  std::set<std::string> rooms_;
  std::map<uint64_t, std::unique_ptr<PendingAck>> pending_acks_;
  uint64_t next_ack_id_ = 0;
};

}  // namespace confab::socketio
