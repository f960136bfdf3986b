// The part of Room that passes on what people write.
#include "services/signaling/protocol/message_json.h"
#include "services/signaling/room/room.h"

namespace confab::signaling {

Effects Room::Write(const v1::SharedMessage& message, Author author) {
  Effects effects;
  for (const auto& participant : participants_) {
    if (!participant->is_told()) continue;
    const std::string id = participant->id.ToString();
    const bool is_author = id == message.from();
    if (is_author && author == Author::kAnswered) continue;
    if (!is_author && !message.to().empty() && id != message.to()) continue;
    const Reader reader = is_author ? Reader::kAuthor : Reader::kOther;
    Tell(*participant, "message", {{"message", ToJson(message, reader)}}, effects);
  }
  return effects;
}

Effects Room::Typing(std::string_view from, std::optional<ParticipantId> to) const {
  json::object payload{{"participantId", from}};
  if (to) payload["to"] = to->ToString();
  Effects effects;
  for (const auto& participant : participants_) {
    const bool is_meant = to ? participant->id == *to : participant->id.ToString() != from;
    if (!is_meant || !participant->is_told() || !participant->in_sync) continue;
    effects.push_back(SendEvent{participant->connection, "typing", payload});
  }
  return effects;
}

Effects Room::TellOfMissedMessages() {
  Effects effects;
  for (const auto& participant : participants_) {
    if (participant->is_told()) Tell(*participant, "messagesMissed", {}, effects);
  }
  return effects;
}

}  // namespace confab::signaling
