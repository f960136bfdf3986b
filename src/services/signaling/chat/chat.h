#pragma once

#include <memory>

#include "net/event.h"
#include "services/signaling/call/switchboard.h"
#include "services/signaling/chat/messages.h"
#include "services/signaling/protocol/requests.h"

namespace confab::signaling {

// The chat of all rooms: keeps a message, then tells of it. Whoever writes waits until it is kept;
// what comes to be kept after they were told that it was not, they are told of as everybody else.
// Lives on the io_context's thread; switchboard and messages must outlive it.
class Chat {
 public:
  // How long the author waits. No longer: their other events wait behind.
  static constexpr TimeDelta kKeepLimit = TimeDelta::Seconds(1);

  Chat(asio::io_context& io, Switchboard& switchboard, Messages& messages)
      : io_(io), switchboard_(switchboard), messages_(messages) {}

  // The reply of `sendMessage`. The author must be in the room. Error: kForbidden,
  // kParticipantNotFound, kUnavailable.
  asio::awaitable<Result<json::object>> Send(Place author, SendMessageRequest request);
  // The reply of `getMessages`. Error: kUnavailable.
  asio::awaitable<Result<json::object>> History(Place reader, GetMessagesRequest request);

 private:
  struct Attempt;
  asio::awaitable<void> Keep(std::shared_ptr<Attempt> attempt);
  // Before it, others' messages to everybody are not shown to this participant; Unix epoch.
  int64_t ShownSinceUs(const Room& room, const Participant& reader) const;

  asio::io_context& io_;
  Switchboard& switchboard_;
  Messages& messages_;
};

}  // namespace confab::signaling
