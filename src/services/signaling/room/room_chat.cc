// The part of Room that passes on what people write.
#include <algorithm>

#include "services/signaling/protocol/message_json.h"
#include "services/signaling/room/room.h"

namespace confab::signaling {

// Not by what the store had already: of what it kept while nobody heard of it, because an answer or
// a server was lost, the repetition is the first that is told.
bool Room::NoteTold(const v1::SharedMessage& message) {
  std::pair<int64_t, std::string> key(message.number(), message.id());
  if (std::ranges::find(told_, key) != told_.end()) return true;
  if (told_.size() >= kMaxToldMessages) told_.pop_front();
  told_.push_back(std::move(key));
  return false;
}

Effects Room::Write(const v1::SharedMessage& message, Author author) {
  Effects effects;
  if (NoteTold(message)) return effects;
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
