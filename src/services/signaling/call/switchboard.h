#pragma once

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/hashed_name.h"
#include "base/random.h"
#include "net/asio.h"
#include "services/signaling/call/call_log.h"
#include "services/signaling/call/room_directory.h"
#include "services/signaling/call/session.h"
#include "services/signaling/call/signaling_meter.h"
#include "services/signaling/door/door.h"
#include "services/signaling/media/media_pool.h"
#include "services/signaling/media/room_media.h"
#include "services/signaling/placement/placement_desk.h"
#include "services/signaling/record/call_record.h"
#include "services/signaling/record/removed_tokens.h"
#include "services/signaling/shared/shared_rooms.h"
#include "services/signaling/signaling_options.h"

namespace confab::signaling {

// Between rooms, connections and the media services: carries out what rooms decide. The handlers of
// client events work through it. One thread. Stop() must have ended, or the io_context not run any
// more, before it is destroyed.
class Switchboard final : public MediaPoolListener,
                          public PlacementListener,
                          public SharedRooms::Listener {
 public:
  Switchboard(asio::io_context& io, SignalingOptions options);
  ~Switchboard() override;

  // The media services that there are now. Rooms stay where they are while that is possible.
  void SetMedia(std::vector<discovery::Instance> instances) {
    media_.SetInstances(std::move(instances));
  }
  // Says goodbye to everyone. Nobody comes in any more.
  void SayGoodbye();
  // After SayGoodbye: closes the rooms' routers and waits for what is under way, at most until the
  // deadline. Where rooms are shared: waits for other instances to take the participants over.
  asio::awaitable<void> Stop(TimeDelta deadline);
  // Waits until the record of calls is written, at most until the deadline. After Stop.
  asio::awaitable<void> FlushRecord(TimeDelta deadline) { return behind_.Flush(deadline); }
  bool is_stopping() const { return is_stopping_; }

  // ---- Connections
  std::shared_ptr<Session> Connect(std::unique_ptr<ClientConnection> connection, Pass pass);
  void Disconnected(Session& session);
  // Lets go of what is prepared for this connection, if anything is.
  void ForgetPrepared(Session& session);

  // ---- For the handlers
  // The media of this room. Where there are no leases, a room that has none gets one here; with
  // leases FindHome is waited for before its first transport. Valid until the next co_await.
  RoomMedia media(Room& room) { return media(room, {.room = HashedName(room.name())}); }
  // The same, for what is done for this participant.
  RoomMedia media(const Place& place) { return media(*place.room, log_.ScopeOf(place)); }
  // The room has a media instance from here on. Errors: those of PlacementDesk::Find.
  asio::awaitable<Result<void>> FindHome(std::shared_ptr<Room> room);
  RoomDirectory& rooms() { return rooms_; }
  const RoomDirectory& rooms() const { return rooms_; }
  Door& door() { return door_; }
  // Writes down what moderators did.
  CallRecord& record() { return record_; }
  const CallLog& log() const { return log_; }
  const SignalingOptions& options() const { return options_; }
  // Of any media service; nothing until one has answered for the first time.
  const std::optional<media::v1::RtpCapabilities>& router_capabilities() const {
    return router_capabilities_;
  }
  // Whether rooms can be given media now.
  bool has_media() const { return media_.is_up() && router_capabilities_.has_value(); }
  // 128 random bits, for transports and consumers.
  MediaId NewMediaId();
  // The id of a trace that begins here.
  std::string NewTrace();
  RandomSource& random() { return random_; }

  // ---- Rooms at several instances (switchboard_shared.cc); without a bus there is nothing
  // elsewhere

  // Makes sure that it is known who is in the room at other instances, as far as that can be found
  // out in bounded time.
  asio::awaitable<void> Reach(std::string room);
  // Finds or makes the room, with everybody who is in it elsewhere. Error: kLimitExceeded.
  Result<std::shared_ptr<Room>> OpenRoom(const std::string& name);
  // The room to look at: also one that has participants at other instances alone, and is not kept
  // here. nullptr: nobody is in it. After Reach.
  std::shared_ptr<const Room> View(const std::string& name);
  // A participant of another instance is ours from now on, by this connection: see Room::TakeOver.
  // nothing: there is none, or too many rooms are here.
  std::optional<Place> TakeOver(const std::string& room, ParticipantId id, ConnectionId connection,
                                uint64_t seq);
  bool IsElsewhere(const std::string& room, ParticipantId id) const;
  // What it receives, as the media service has it. Takes a bounded time; what cannot be had is
  // lost, and the client makes it anew.
  asio::awaitable<void> RestoreMedia(Place place);
  // Waits, for a bounded time, until the other instances can know what has changed in the room.
  asio::awaitable<void> Written(std::string room);
  // Has it done by the instance that has the participant. Error: kParticipantNotFound,
  // kUnavailable.
  asio::awaitable<Result<void>> Ask(v1::SharedRequest request);
  // Does it to a participant of ours; nothing where there is none. Error: the media service's.
  asio::awaitable<Result<void>> Do(v1::SharedRequest request);

  // ---- What people write (switchboard_chat.cc)

  // A message that is kept: to those who may read it, wherever they are.
  void Spread(const std::string& room, const v1::SharedMessage& message, Room::Author author);
  void SpreadTyping(const Place& author, std::optional<ParticipantId> to);

  // In order; may close the room.
  void Apply(const std::shared_ptr<Room>& room, Effects effects);
  // To be called when someone in the room was lost: acts when the grace period is over.
  void ArmGraceTimer(const std::shared_ptr<Room>& room);
  // Asks the media service for these consumers and takes them into the room. Refused ones are left
  // out. Error: the call failed as a whole.
  asio::awaitable<Result<void>> Consume(Place place, std::vector<MissingConsumer> missing,
                                        Delivery delivery);
  // The same for all that this participant should receive and does not.
  asio::awaitable<Result<void>> ConsumeWhatIsMissing(Place place, Delivery delivery);
  // Fire and forget.
  void RequestKeyFrames(Room& room, const std::vector<MediaId>& producer_ids);
  // The protocol's `Error` for a refused event, as a sentence; counts and logs it. Of events that
  // came too fast the first in a row is logged.
  json::object Refuse(const Session& session, std::string_view event, const Error& reason,
                      std::optional<TimeDelta> retry_after = std::nullopt);
  // The same for a join, which has a line of its own in the log.
  json::object RefuseJoin(const Session& session, const JoinCourse& course, const Error& reason);
  // Runs beside everything else. Exceptions end there.
  void Spawn(asio::awaitable<void> coroutine);

  SignalingMeter& meter() { return meter_; }
  const SignalingMeter& meter() const { return meter_; }
  SignalingStatus status() const;
  std::vector<MediaInstanceStatus> media_status() const;

 private:
  RoomMedia media(Room& room, CallScope scope);
  // The participant of ours that has this transport.
  static std::optional<Place> OwnerOf(const std::shared_ptr<Room>& room,
                                      std::string_view transport_id);
  // Tells the connection that its place is gone, and ends it.
  void EndConnection(ConnectionId id, std::string_view event);
  void OnMediaUp(const std::string& id, MediaListener::Instance instance) override;
  void OnMediaGone(const std::string& id) override;
  void OnMediaDown(const std::string& id) override;
  void OnMediaRefused(const std::string& id) override;
  void OnMediaEvent(const std::string& id, const media::v1::Event& event) override;
  void OnHome(const std::string& room, const Home& home, Move move) override;
  void OnNoHome(const std::string& room) override;
  void OnHeld(const std::string& room, const Home& home) override;

  Claim OnShared(const std::string& name, ParticipantId id, const Sharing& sharing) override;
  void OnUnshared(const std::string& name, ParticipantId id, std::string_view reason) override;
  void OnNote(const std::string& name, const v1::SharedNote& note) override;
  void OnNotesMissed(const std::string& name) override;
  void OnRequest(const v1::SharedRequest& request) override;
  std::optional<v1::SharedParticipant> Describe(const std::string& name,
                                                ParticipantId id) const override;
  bool IsHere(const std::string& name, ParticipantId id) const override;
  bool IsUsed(const std::string& name) const override { return rooms_.Find(name) != nullptr; }

  void Carry(const std::shared_ptr<Room>& room, SendEvent& effect);
  void Carry(const std::shared_ptr<Room>& room, ReplaceConnection& effect);
  void Carry(const std::shared_ptr<Room>& room, RemoveConnection& effect);
  void Carry(const std::shared_ptr<Room>& room, CloseMedia& effect);
  void Carry(const std::shared_ptr<Room>& room, CloseRoom& effect);
  void Carry(const std::shared_ptr<Room>& room, ConsumeMissing& effect);
  void Carry(const std::shared_ptr<Room>& room, ShareParticipant& effect);
  void Carry(const std::shared_ptr<Room>& room, RecordCame& effect);
  void Carry(const std::shared_ptr<Room>& room, RecordLeft& effect);
  void Carry(const std::shared_ptr<Room>& room, RecordFlow& effect);

  asio::awaitable<void> Whisper(std::string room, v1::SharedMessage message);
  asio::awaitable<void> ConsumeAllMissing(Place place);
  asio::awaitable<void> CompareTransports(std::shared_ptr<Room> room);
  asio::awaitable<void> LoadRouterCapabilities(std::string media_id);
  std::vector<std::shared_ptr<Room>> RoomsOn(const std::string& media_id) const;
  asio::awaitable<void> CloseRouters();
  // Until no participant is here any more.
  asio::awaitable<void> HandOver(TimeDelta deadline);
  std::unique_ptr<PlacementDesk> MakeDesk();
  // Nobody is in it here any more.
  void EndMedia(Room& room);
  std::string RouterIdFor(const Room& room) const;
  // The room whose router this is, where that is at home at this media instance.
  std::shared_ptr<Room> RoomAt(const std::string& media_id, const std::string& router_id) const;
  void HandleRouterClosed(const std::string& media_id, const media::v1::RouterClosed& closed);
  // Everybody's stay ends with this process.
  void RecordEnds();
  void Welcome(Session& session);
  void TellSpeakers(Room& room, const media::v1::ActiveSpeakers& speakers);

  asio::io_context& io_;
  SignalingOptions options_;
  const CallLog log_;
  SecureRandom random_;
  RoomDirectory rooms_;
  store::WriteBehind behind_;
  std::unique_ptr<TokenUses> uses_;
  Door door_;
  CallRecord record_;
  RemovedTokens removed_;
  MediaPool media_;
  std::unique_ptr<PlacementDesk> desk_;  // nullptr: no leases
  std::optional<media::v1::RtpCapabilities> router_capabilities_;

  std::unique_ptr<SharedRooms> shared_;  // nullptr: without a bus

  // Ordered by age. Shared with the coroutine that works on a session's events.
  std::map<ConnectionId, std::shared_ptr<Session>> sessions_;
  uint64_t last_connection_ = 0;
  // Participants for whom ConsumeAllMissing runs.
  std::set<ParticipantId> consuming_;
  std::unordered_map<RoomId, asio::steady_timer> grace_timers_;
  size_t running_ = 0;       // coroutines
  asio::steady_timer idle_;  // cancelled when `running_` falls to 0
  SignalingMeter meter_;
  bool is_stopping_ = false;
};

}  // namespace confab::signaling
