#include "socketio/socket.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include "socketio/connection.h"
#include "socketio/message.h"
#include "socketio/namespace.h"
#include "socketio/server_core.h"

namespace confab::socketio {
namespace {

Error HandlerFailed() {
  return {ErrorCode::kInternal, "The server failed on this event."};
}

}  // namespace

struct Socket::PendingAck {
  PendingAck(const asio::any_io_executor& executor, AckHandler h)
      : timer(executor), handler(std::move(h)) {}
  asio::steady_timer timer;
  AckHandler handler;
};

Socket::Socket(Namespace& owner, std::string id, Handshake handshake)
    : namespace_(owner), id_(std::move(id)), handshake_(std::move(handshake)) {}
Socket::~Socket() = default;

asio::any_io_executor Socket::executor() const {
  return namespace_.executor_;
}

size_t Socket::queued_bytes() const {
  return connection_ ? connection_->queued_bytes() : 0;
}

void Socket::SetHandler(std::string event, EventFunction function) {
  handlers_[std::move(event)] = std::make_shared<const EventFunction>(std::move(function));
}

void Socket::SetAnyHandler(AnyEventFunction function) {
  any_handler_ = std::make_shared<const AnyEventFunction>(std::move(function));
}

void Socket::OnDisconnect(std::function<void(DisconnectReason)> handler) {
  on_disconnect_ = std::move(handler);
}

// Starts a handler's coroutine and stands behind it: an exception is counted and becomes an error
// acknowledgement. `start` owns the handler, whose captures must outlive the coroutine.
void Socket::Spawn(std::function<asio::awaitable<void>()> start, Acknowledge guard) {
  if (!connection_) return;
  asio::co_spawn(
      connection_->core().executor,
      [self = shared_from_this(), connection = connection_, start = std::move(start),
       state = guard.state_]() -> asio::awaitable<void> {
        try {
          co_await start();
        } catch (const std::exception&) {
          ++connection->core().handler_exceptions;
          Acknowledge(state).Fail(HandlerFailed());
        }
      },
      asio::detached);
}

EventFunction Socket::Spawning(EventCoroutine coroutine) {
  const auto shared = std::make_shared<EventCoroutine>(std::move(coroutine));
  return [this, shared](Arguments arguments, Acknowledge acknowledge) {
    Acknowledge guard(acknowledge.state_);
    const auto held = std::make_shared<std::pair<Arguments, Acknowledge>>(std::move(arguments),
                                                                          std::move(acknowledge));
    Spawn([shared, held] { return (*shared)(std::move(held->first), std::move(held->second)); },
          std::move(guard));
  };
}

AnyEventFunction Socket::SpawningAny(AnyEventCoroutine coroutine) {
  const auto shared = std::make_shared<AnyEventCoroutine>(std::move(coroutine));
  return [this, shared](std::string_view event, Arguments arguments, Acknowledge acknowledge) {
    Acknowledge guard(acknowledge.state_);
    const auto held = std::make_shared<std::pair<Arguments, Acknowledge>>(std::move(arguments),
                                                                          std::move(acknowledge));
    Spawn(
        [shared, held, name = std::string(event)] {
          return (*shared)(name, std::move(held->first), std::move(held->second));
        },
        std::move(guard));
  };
}

void Socket::HandleEvent(Packet packet) {
  auto& values = packet.arguments.values;
  const std::string event(values.front().get_string());
  values.erase(values.begin());
  const auto state = std::make_shared<Acknowledge::State>();
  if (packet.id) {
    state->socket = weak_from_this();
    state->id = *packet.id;
  }
  const auto self = shared_from_this();
  const auto connection = connection_;
  try {
    Dispatch(event, std::move(packet.arguments), Acknowledge(state));
  } catch (const std::exception&) {
    ++connection->core().handler_exceptions;
    Acknowledge(state).Fail(HandlerFailed());
  }
}

void Socket::Dispatch(const std::string& event, Arguments arguments, Acknowledge acknowledge) {
  // The copies keep a handler alive that replaces itself or ends the socket.
  if (const auto found = handlers_.find(event); found != handlers_.end()) {
    const auto handler = found->second;
    return (*handler)(std::move(arguments), std::move(acknowledge));
  }
  if (const auto handler = any_handler_) {
    return (*handler)(event, std::move(arguments), std::move(acknowledge));
  }
  const Error error{ErrorCode::kInvalidMessage, "There is no event '" + event + "' here."};
  acknowledge.Fail(error);
}

void Socket::SendAck(uint64_t id, const Arguments& arguments) {
  if (!connection_) return;
  connection_->Send(
      MakeMessage(EncodeAck(namespace_.name(), id, arguments), arguments.attachments));
}

void Socket::Emit(std::string_view event, const Arguments& arguments) {
  if (!connection_) return;
  connection_->Send(MakeMessage(EncodeEvent(namespace_.name(), std::nullopt, event, arguments),
                                arguments.attachments));
}

void Socket::Emit(std::string_view event, const Arguments& arguments, AckHandler on_ack,
                  TimeDelta timeout) {
  if (!connection_) return on_ack(Fail(ErrorCode::kUnavailable, "The client is gone."));
  const uint64_t id = next_ack_id_++;
  auto pending = std::make_unique<PendingAck>(connection_->core().executor, std::move(on_ack));
  pending->timer.expires_after(ToChrono(timeout));
  pending->timer.async_wait([weak = weak_from_this(), id](error_code ec) {
    const auto self = weak.lock();
    if (self && !ec) {
      self->FinishAck(id, Fail(ErrorCode::kUnavailable, "The client did not answer in time."));
    }
  });
  pending_acks_.emplace(id, std::move(pending));
  connection_->Send(
      MakeMessage(EncodeEvent(namespace_.name(), id, event, arguments), arguments.attachments));
}

void Socket::HandleAck(Packet packet) {
  FinishAck(*packet.id, std::move(packet.arguments));
}

void Socket::FinishAck(uint64_t id, Result<Arguments> result) {
  const auto found = pending_acks_.find(id);
  if (found == pending_acks_.end()) return;  // too late, or nobody asked
  const AckHandler handler = std::move(found->second->handler);
  pending_acks_.erase(found);
  const auto connection = connection_;
  try {
    handler(std::move(result));
  } catch (const std::exception&) {
    if (connection) ++connection->core().handler_exceptions;
  }
}

void Socket::Join(const std::string& room) {
  if (rooms_.insert(room).second) namespace_.Join(*this, room);
}

void Socket::Leave(const std::string& room) {
  if (rooms_.erase(room) > 0) namespace_.Leave(*this, room);
}

void Socket::Disconnect(DisconnectScope scope) {
  if (!connection_) return;
  const auto connection = connection_;
  if (scope == DisconnectScope::kConnection) {
    return connection->Close(DisconnectReason::kServerDisconnect);
  }
  Packet packet;
  packet.type = PacketType::kDisconnect;
  packet.nsp = namespace_.name();
  connection->Send(MakeMessage(EncodeHeader(packet)));
  connection->Leave(*this);
  Closed(DisconnectReason::kServerDisconnect);
}

void Socket::Closed(DisconnectReason reason) {
  if (!connection_) return;
  const auto self = shared_from_this();
  const auto connection = std::exchange(connection_, nullptr);
  while (!pending_acks_.empty()) {
    FinishAck(pending_acks_.begin()->first, Fail(ErrorCode::kUnavailable, "The client is gone."));
  }
  if (const auto handler = std::exchange(on_disconnect_, nullptr)) {
    try {
      handler(reason);
    } catch (const std::exception&) {
      ++connection->core().handler_exceptions;
    }
  }
  namespace_.Remove(*this);
  DropHandlers();
}

void Socket::DropHandlers() {
  handlers_.clear();
  any_handler_ = nullptr;
  on_disconnect_ = nullptr;
}

}  // namespace confab::socketio
