#include "socketio/namespace.h"

#include "socketio/connection.h"
#include "socketio/message.h"
#include "socketio/socket.h"

namespace confab::socketio {

Namespace::Namespace(const asio::any_io_executor& executor, std::string name)
    : executor_(executor), name_(std::move(name)) {}
Namespace::~Namespace() = default;

void Namespace::OnAuthorize(std::function<asio::awaitable<Result<void>>(SocketPtr)> handler) {
  on_authorize_ = std::move(handler);
}

void Namespace::OnConnection(std::function<void(SocketPtr)> handler) {
  on_connection_ = std::move(handler);
}

Broadcast Namespace::To(std::string room) {
  Broadcast broadcast(*this);
  broadcast.To(std::move(room));
  return broadcast;
}

SocketPtr Namespace::Find(const std::string& socket_id) const {
  const auto found = sockets_.find(socket_id);
  return found == sockets_.end() ? nullptr : found->second;
}

std::vector<SocketPtr> Namespace::In(const std::string& room) const {
  std::vector<SocketPtr> members;
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return members;
  for (Socket* socket : found->second) members.push_back(socket->shared_from_this());
  return members;
}

void Namespace::Join(Socket& socket, const std::string& room) {
  rooms_[room].insert(&socket);
}

void Namespace::Leave(Socket& socket, const std::string& room) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return;
  found->second.erase(&socket);
  if (found->second.empty()) rooms_.erase(found);
}

void Namespace::Add(const SocketPtr& socket) {
  sockets_.emplace(socket->id(), socket);
  socket->Join(socket->id());
}

void Namespace::Remove(Socket& socket) {
  for (const std::string& room : std::exchange(socket.rooms_, {})) Leave(socket, room);
  sockets_.erase(socket.id());
}

Broadcast& Broadcast::To(std::string room) {
  rooms_.push_back(std::move(room));
  return *this;
}

Broadcast& Broadcast::Except(std::string room) {
  except_.push_back(std::move(room));
  return *this;
}

std::unordered_set<Socket*> Broadcast::Receivers() const {
  std::unordered_set<Socket*> receivers;
  if (rooms_.empty()) {
    for (const auto& [id, socket] : namespace_.sockets_) receivers.insert(socket.get());
  }
  for (const std::string& room : rooms_) {
    const auto found = namespace_.rooms_.find(room);
    if (found != namespace_.rooms_.end())
      receivers.insert(found->second.begin(), found->second.end());
  }
  for (const std::string& room : except_) {
    const auto found = namespace_.rooms_.find(room);
    if (found == namespace_.rooms_.end()) continue;
    for (Socket* socket : found->second) receivers.erase(socket);
  }
  return receivers;
}

void Broadcast::Emit(std::string_view event, const Arguments& arguments) {
  const auto receivers = Receivers();
  if (receivers.empty()) return;
  const Message message = MakeMessage(
      EncodeEvent(namespace_.name(), std::nullopt, event, arguments), arguments.attachments);
  // Sending calls nobody back, so the set stays valid.
  for (Socket* socket : receivers) {
    if (socket->connection_) socket->connection_->Send(message);
  }
}

}  // namespace confab::socketio
