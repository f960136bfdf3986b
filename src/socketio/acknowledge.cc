#include "socketio/acknowledge.h"

#include "socketio/socket.h"

namespace confab::socketio {

bool Acknowledge::wanted() const {
  if (!state_ || state_->is_used) return false;
  const auto socket = state_->socket.lock();
  return socket && socket->is_connected();
}

void Acknowledge::operator()(Arguments arguments) {
  if (!wanted()) return;
  state_->is_used = true;
  state_->socket.lock()->SendAck(state_->id, arguments);
}

void Acknowledge::Fail(const Error& error) {
  if (wanted()) (*this)(Arguments{ErrorValue(error)});
}

}  // namespace confab::socketio
