#pragma once

#include "services/signaling/chat/chat.h"
#include "services/signaling/handlers/event_table.h"

namespace confab::signaling {

// sendMessage, getMessages, typing.
class ChatHandlers {
 public:
  ChatHandlers(Switchboard& switchboard, Chat& chat) : switchboard_(switchboard), chat_(chat) {}
  void AddTo(EventTable& table);

 private:
  using Reply = asio::awaitable<Result<json::value>>;

  Reply Send(Session& session, const json::value& payload);
  Reply Messages(Session& session, const json::value& payload);
  Result<json::value> Typing(Session& session, const json::value& payload);

  Switchboard& switchboard_;
  Chat& chat_;
};

}  // namespace confab::signaling
