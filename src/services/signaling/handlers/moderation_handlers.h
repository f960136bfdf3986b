#pragma once

#include "services/signaling/handlers/event_table.h"
#include "services/signaling/rooms_api/moderation.h"

namespace confab::signaling {

// removeParticipant, muteParticipant: for participants whose token grants `moderate`, in their own
// room alone.
class ModerationHandlers {
 public:
  explicit ModerationHandlers(Moderation& moderation) : moderation_(moderation) {}
  void AddTo(EventTable& table);

 private:
  asio::awaitable<Result<json::value>> Remove(Session& session, const json::value& payload);
  asio::awaitable<Result<json::value>> Mute(Session& session, const json::value& payload);

  Moderation& moderation_;
};

}  // namespace confab::signaling
