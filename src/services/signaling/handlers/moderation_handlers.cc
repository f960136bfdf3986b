#include "services/signaling/handlers/moderation_handlers.h"

#include "services/signaling/protocol/requests.h"

namespace confab::signaling {
namespace {

// Whom the audit trail names.
std::string ActorOf(const Place& moderator) {
  const Participant& participant = *moderator.room->Find(moderator.participant);
  return participant.identity.empty() ? "participant:" + participant.id.ToString()
                                      : "person:" + participant.identity;
}

}  // namespace

void ModerationHandlers::AddTo(EventTable& table) {
  table.Add("removeParticipant", [this](Session& s, const json::value& p) { return Remove(s, p); });
  table.Add("muteParticipant", [this](Session& s, const json::value& p) { return Mute(s, p); });
}

asio::awaitable<Result<json::value>> ModerationHandlers::Remove(Session& session,
                                                                const json::value& payload) {
  const auto place = RequireModerator(session);
  if (!place) co_return std::unexpected(place.error());
  const auto request = ParseModeration(payload);
  if (!request) co_return std::unexpected(request.error());
  rooms::v1::RemoveParticipantRequest removal;
  removal.set_room(place->room->name());
  removal.set_participant_id(request->participant_id);
  removal.set_actor(ActorOf(*place));
  const auto removed = co_await moderation_.Remove(std::move(removal));
  if (!removed) co_return std::unexpected(removed.error());
  co_return json::object();
}

asio::awaitable<Result<json::value>> ModerationHandlers::Mute(Session& session,
                                                              const json::value& payload) {
  const auto place = RequireModerator(session);
  if (!place) co_return std::unexpected(place.error());
  const auto request = ParseModeration(payload);
  if (!request) co_return std::unexpected(request.error());
  rooms::v1::MuteParticipantRequest muting;
  muting.set_room(place->room->name());
  muting.set_participant_id(request->participant_id);
  muting.set_actor(ActorOf(*place));
  if (request->source) muting.add_sources(std::string(ToString(*request->source)));
  const auto muted = co_await moderation_.Mute(std::move(muting));
  if (!muted) co_return std::unexpected(muted.error());
  co_return json::object();
}

}  // namespace confab::signaling
