#include "services/signaling/rooms_api/moderation.h"

#include <algorithm>

#include "net/clock.h"
#include "services/signaling/protocol/media_kind.h"

namespace confab::signaling {
namespace {

namespace pb = rooms::v1;

constexpr uint32_t kDefaultPage = 100;
constexpr uint32_t kMaxPage = 1000;

pb::Room Describe(const Room& room) {
  pb::Room described;
  described.set_id(room.id().ToString());
  described.set_name(room.name());
  described.set_created_at_ms(room.created_at_ms());
  described.set_participants(static_cast<uint32_t>(room.seats()));
  described.set_max_participants(static_cast<uint32_t>(room.max_participants()));
  described.set_media_instance(room.media_instance());
  return described;
}

pb::Participant Describe(const Participant& participant) {
  pb::Participant described;
  described.set_id(participant.id.ToString());
  described.set_name(participant.name);
  described.set_joined_at_ms(participant.joined_at_ms);
  described.set_connected(participant.is_connected());
  for (const Producer& producer : participant.producers) {
    pb::Producer& entry = *described.add_producers();
    entry.set_id(producer.id);
    entry.set_kind(std::string(ToString(producer.kind)));
    entry.set_source(std::string(ToString(producer.source)));
    entry.set_paused(producer.paused);
  }
  return described;
}

std::unexpected<Error> NoRoom() {
  return Fail(ErrorCode::kRoomNotFound, "nobody is in a room of this name");
}

// Which sources are meant; nothing where one is unknown.
std::optional<std::vector<Source>> SourcesOf(const pb::MuteParticipantRequest& request) {
  if (request.sources().empty()) return std::vector{Source::kMicrophone, Source::kScreenAudio};
  std::vector<Source> sources;
  for (const std::string& name : request.sources()) {
    const auto found = std::ranges::find(kSourceNames, name);
    if (found == kSourceNames.end()) return std::nullopt;
    sources.push_back(static_cast<Source>(found - kSourceNames.begin()));
  }
  return sources;
}

json::array NamesOf(const std::vector<Source>& sources) {
  json::array names;
  for (const Source source : sources) names.emplace_back(ToString(source));
  return names;
}

}  // namespace

void Moderation::Record(Deed deed) {
  switchboard_.record().Done(std::move(deed), net::UnixMicrosNow());
}

pb::ListRoomsResponse Moderation::List(const pb::ListRoomsRequest& request) const {
  const uint32_t asked = request.page_size() == 0 ? kDefaultPage : request.page_size();
  const size_t size = std::min(asked, kMaxPage);
  std::vector<const Room*> rooms;
  for (const auto& [id, room] : switchboard_.rooms().rooms()) {
    if (room->name() > request.after_name()) rooms.push_back(room.get());
  }
  pb::ListRoomsResponse page;
  page.set_has_more(rooms.size() > size);
  const auto end = rooms.begin() + static_cast<std::ptrdiff_t>(std::min(size, rooms.size()));
  std::ranges::partial_sort(rooms, end, {}, [](const Room* room) -> auto& { return room->name(); });
  for (auto room = rooms.begin(); room != end; ++room) *page.add_rooms() = Describe(**room);
  return page;
}

asio::awaitable<Result<pb::GetRoomResponse>> Moderation::Find(pb::GetRoomRequest request) const {
  co_await switchboard_.Reach(request.name());
  const auto room = switchboard_.View(request.name());
  if (!room) co_return NoRoom();
  pb::GetRoomResponse found;
  *found.mutable_room() = Describe(*room);
  for (const auto& participant : room->participants()) {
    if (participant->is_seen()) *found.add_participants() = Describe(*participant);
  }
  co_return found;
}

asio::awaitable<Result<Moderation::Target>> Moderation::Find(std::string name,
                                                             std::string id) const {
  co_await switchboard_.Reach(name);
  auto room = switchboard_.View(name);
  if (!room) co_return NoRoom();
  const auto participant_id = ParticipantId::Parse(id);
  const Participant* participant = participant_id ? room->Find(*participant_id) : nullptr;
  if (participant == nullptr || !participant->is_seen()) {
    co_return Fail(ErrorCode::kParticipantNotFound, "there is no such participant in this room");
  }
  Target target{.room = std::move(room), .id = *participant_id};
  co_return target;
}

asio::awaitable<Result<void>> Moderation::Take(Target target, v1::SharedRequest request) {
  request.set_room(target.room->name());
  request.set_participant_id(target.id.ToString());
  if (target.room->FindHere(target.id) == nullptr) {
    co_return co_await switchboard_.Ask(std::move(request));
  }
  co_return co_await switchboard_.Do(std::move(request));
}

asio::awaitable<Result<pb::CloseRoomResponse>> Moderation::Close(pb::CloseRoomRequest request) {
  co_await switchboard_.Reach(request.name());
  const auto room = switchboard_.View(request.name());
  if (!room) co_return NoRoom();
  std::vector<Target> everyone;
  for (const auto& participant : room->participants()) everyone.push_back({room, participant->id});
  pb::CloseRoomResponse closed;
  closed.set_removed(static_cast<uint32_t>(room->seats()));
  v1::SharedRequest removal;
  removal.mutable_removal();
  for (Target& target : everyone) {
    // Whoever cannot be reached has gone, or is told when its instance is back that it was removed.
    const Result<void> taken = co_await Take(std::move(target), removal);
    if (!taken && taken.error().code == ErrorCode::kUnavailable) {
      co_return std::unexpected(taken.error());
    }
  }
  Record({.kind = Deed::Kind::kCloseRoom,
          .actor = request.actor(),
          .room = request.name(),
          .detail = {{"removed", closed.removed()}}});
  co_return closed;
}

asio::awaitable<Result<pb::RemoveParticipantResponse>> Moderation::Remove(
    pb::RemoveParticipantRequest request) {
  auto target = co_await Find(request.room(), request.participant_id());
  if (!target) co_return std::unexpected(target.error());
  v1::SharedRequest removal;
  removal.mutable_removal();
  const Result<void> taken = co_await Take(std::move(*target), std::move(removal));
  if (!taken) co_return std::unexpected(taken.error());
  Record({.kind = Deed::Kind::kRemoveParticipant,
          .actor = request.actor(),
          .room = request.room(),
          .target = request.participant_id()});
  co_return pb::RemoveParticipantResponse();
}

asio::awaitable<Result<pb::MuteParticipantResponse>> Moderation::Mute(
    pb::MuteParticipantRequest request) {
  const auto sources = SourcesOf(request);
  if (!sources) {
    co_return Fail(ErrorCode::kInvalidMessage,
                   "a source is \"microphone\", \"camera\", \"screen\" or \"screen-audio\"");
  }
  auto target = co_await Find(request.room(), request.participant_id());
  if (!target) co_return std::unexpected(target.error());
  v1::SharedRequest asked;
  v1::SharedRequest::Muting& muting = *asked.mutable_muting();
  pb::MuteParticipantResponse muted;
  for (const Producer& producer : target->room->Find(target->id)->producers) {
    if (producer.paused || std::ranges::count(*sources, producer.source) == 0) continue;
    muting.add_producer_ids(producer.id);
    muted.add_producer_ids(producer.id);
  }
  if (muted.producer_ids().empty()) co_return muted;
  const Result<void> taken = co_await Take(std::move(*target), std::move(asked));
  if (!taken) co_return std::unexpected(taken.error());
  Record({.kind = Deed::Kind::kMuteParticipant,
          .actor = request.actor(),
          .room = request.room(),
          .target = request.participant_id(),
          .detail = {{"sources", NamesOf(*sources)}}});
  co_return muted;
}

pb::GetStateResponse Moderation::State() const {
  const SignalingStatus status = switchboard_.status();
  pb::GetStateResponse state;
  state.set_instance(switchboard_.options().instance_id);
  state.set_version(switchboard_.options().version);
  state.set_region(switchboard_.options().region);
  state.set_uptime_ms((net::MonotonicNow() - started_at_).ms());
  state.set_rooms(static_cast<uint32_t>(status.rooms));
  state.set_participants(static_cast<uint32_t>(status.participants));
  state.set_connections(static_cast<uint32_t>(status.connections));
  for (const MediaInstanceStatus& media : switchboard_.media_status()) {
    pb::MediaInstance& entry = *state.add_media();
    entry.set_id(media.id);
    entry.set_is_up(media.is_up);
    entry.set_rooms(static_cast<uint32_t>(media.rooms));
  }
  return state;
}

}  // namespace confab::signaling
