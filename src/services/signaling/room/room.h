#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/claims.h"
#include "base/error.h"
#include "base/units.h"
#include "confab/media/v1/media.pb.h"
#include "confab/signaling/v1/shared.pb.h"
#include "services/signaling/placement/placement_calls.h"
#include "services/signaling/room/effects.h"
#include "services/signaling/room/ids.h"
#include "services/signaling/room/participant.h"

namespace confab::signaling {

constexpr size_t kMaxProducersPerParticipant = 8;
constexpr size_t kMaxTransportsPerParticipant = 4;
constexpr size_t kMaxConsumersPerParticipant = 1000;
constexpr size_t kMaxPreparedPerRoom = 32;
// Remembered as told; an older one that is repeated is told again, and clients know its number.
constexpr size_t kMaxToldMessages = 128;

struct RoomLimits {
  size_t participants = 100;
  // How long a participant whose connection broke is waited for.
  TimeDelta grace = TimeDelta::Seconds(15);
};

enum class LeaveReason : uint8_t { kLeft, kTimeout, kRemoved };
std::string_view ToString(LeaveReason reason);  // "left", …: as clients and the record have it

// Who comes in.
struct Entrant {
  std::string name;
  Mode mode = Mode::kQuick;
  media::v1::RtpCapabilities rtp_capabilities;
  std::optional<ViewSize> view;
  // What its token grants; nothing: as before, or a guest's.
  std::optional<auth::Grants> grants;
  std::string role;
  std::string identity;
  ConnectionId connection = ConnectionId::kNone;
  std::string trace = {};  // of the join
};

// One consumer to ask the media service for.
struct MissingConsumer {
  MediaId producer_id;
  ParticipantId owner;
  MediaKind kind = MediaKind::kAudio;
  Source source = Source::kMicrophone;
};

// How consumers reach the client.
enum class Delivery : uint8_t {
  kInReply,   // the reply carries them; they start by themselves
  kPrepared,  // the reply carries them; the client says when it is ready
  kPushed,    // announced with `newConsumers`; the client says when it is ready
  kAsked,     // the client asked for one (classic); it says when it is ready
};

struct ResumeOutcome {
  uint64_t seq = 0;
  // Missed events, oldest first; nothing: they are not all there, the state is needed, as `seq`.
  std::optional<std::vector<LoggedEvent>> events;
  Effects effects;
};

// A room's whole truth: who is inside, what they send and receive, and who must be told what. Pure:
// no socket, clock or media call; time comes in, decisions go out as Effects. One thread.
//
// A join takes several calls of the media service. Meanwhile the participant is there but unseen
// (Phase::kJoining), under an attempt number; whatever is handed in for an attempt that is over is
// refused, and the caller closes it at the media service. Whoever is about to join may have media
// prepared (Phase::kPrepared): unseen too, without a seat, and gone with the last who has one.
//
// Participants of other signaling instances are in it too, as far as others see them.
class Room {
 public:
  Room(RoomId id, std::string name, int64_t created_at_ms, RoomLimits limits);

  RoomId id() const { return id_; }
  const std::string& name() const { return name_; }
  int64_t created_at_ms() const { return created_at_ms_; }
  TimeDelta grace() const { return limits_.grace; }
  size_t max_participants() const { return limits_.participants; }
  // Where the room's router is, and the epoch of its lease, 0 without leases; "" until an instance
  // was chosen.
  const Home& home() const { return home_; }
  const std::string& media_instance() const { return home_.media_instance; }
  void set_home(Home home) { home_ = std::move(home); }
  void set_created_at_ms(int64_t created_at_ms) { created_at_ms_ = created_at_ms; }
  // Participants that are not merely prepared: all; those of this instance.
  size_t seats() const;
  size_t seats_here() const;
  // Whether anybody is in it by this instance, if merely prepared.
  bool is_used() const;
  bool is_full() const { return seats() >= limits_.participants; }
  // The last participant of this instance has gone: nobody enters any more.
  bool is_closed() const { return is_closed_; }
  const std::vector<std::unique_ptr<Participant>>& participants() const { return participants_; }
  // nullptr where there is none. Valid until a participant leaves.
  Participant* Find(ParticipantId id);
  const Participant* Find(ParticipantId id) const;
  // The same, where it is not elsewhere.
  const Participant* FindHere(ParticipantId id) const;

  // ---- Coming and going (room.cc)

  // Lets a new participant in, unseen. Error: kRoomFull.
  Result<void> Admit(ParticipantId id, int64_t now_ms, Entrant entrant);
  // A place for the media of a join that may come. Error: kRoomFull, kLimitExceeded.
  Result<void> Prepare(ParticipantId id, Entrant entrant);
  // The prepared one joins, with the media that it has: of the entrant name, view and grants count.
  // Seat comes next. Error: kRoomFull.
  Result<void> AdmitPrepared(ParticipantId id, int64_t now_ms, Entrant entrant);
  // The same participant joins anew, after a reload: its old media is closed, an old connection is
  // replaced. Others go on seeing it, under its old name where the entrant has none. The
  // participant must exist.
  Effects Readmit(ParticipantId id, Entrant entrant);
  // The attempt has its media: from now on the participant is seen and told. The attempt is
  // over: kInvalidState (left or connection lost), kMediaUnavailable (media lost, or overtaken).
  Result<Effects> Seat(ParticipantId id, uint32_t attempt);
  // The attempt failed: a newcomer vanishes, one who was here before counts as lost.
  // Nothing happens where another connection has taken over.
  Effects Abandon(ParticipantId id, ConnectionId connection, Timestamp now);
  Effects Leave(ParticipantId id, LeaveReason reason);
  // Takes the participant out of the call: its connection is told and ended.
  Effects Remove(ParticipantId id);

  Effects LoseConnection(ParticipantId id, ConnectionId connection, Timestamp now);
  // The participant speaks through another connection. Error: kSessionExpired.
  // Of one that is_restoring: what was begun for its connection before is void, Restore and Settle
  // come anew.
  Result<ResumeOutcome> Resume(ParticipantId id, ConnectionId connection, uint64_t seq);
  // When someone's grace period ends.
  Timestamp NextTimeout() const;
  Effects HandleTimeout(Timestamp now);

  Effects Rename(ParticipantId id, std::string name);

  // ---- Media (room_media.cc, room_consumers.cc)

  // Error: kInvalidState (attempt over), kLimitExceeded.
  Result<void> AddTransport(ParticipantId id, uint32_t attempt, Transport transport);
  // Begins a new attempt without transports: `recreateTransports`. Seat ends it.
  Effects DropMedia(ParticipantId id);
  // Error: kTransportNotFound, kForbidden, kDuplicateId, kLimitExceeded. Asked before the media
  // service is (CheckProducer) and again when it has answered (AddProducer): the world may have
  // changed.
  Result<void> CheckProducer(ParticipantId id, const Producer& producer);
  Result<Effects> AddProducer(ParticipantId id, Producer producer);
  // Tells the owner, who acts already as if there were such a producer.
  Effects RefuseProducer(ParticipantId id, std::string_view own_id, const json::object& error);
  // After it has been closed at the media service. Error: kProducerNotFound.
  Result<Effects> RemoveProducer(ParticipantId id, std::string_view own_id);
  Result<Effects> SetProducerFlow(ParticipantId id, std::string_view own_id, Flow flow);
  // These producers of the participant's were paused for it, under the ids that others know: it is
  // told too, under its own. Unknown ones are skipped.
  Effects Mute(ParticipantId id, std::span<const MediaId> producer_ids);

  // What a quick participant should receive and does not: marked as settled.
  std::vector<MissingConsumer> TakeMissing(ParticipantId id);
  // The media service did not answer for them: they are missing again.
  void ReturnMissing(ParticipantId id, const std::vector<MissingConsumer>& missing);
  // Takes what the media service made. Consumers whose transport or producer has gone meanwhile
  // are closed.
  Effects AddConsumers(ParticipantId id, std::vector<Consumer> consumers, Delivery delivery);
  // Error: kConsumerNotFound.
  Result<Effects> RemoveConsumer(ParticipantId id, std::string_view consumer_id);

  // The others' videos that run.
  std::vector<MediaId> VideosFor(ParticipantId id) const;

  // What the media service tells. Unknown ids: no effects.
  // By its owner, who is not told of it; what is on it is gone with it. Error: kTransportNotFound.
  Result<Effects> RemoveTransport(ParticipantId id, std::string_view transport_id);
  Effects TransportLost(std::string_view transport_id, std::string_view reason);
  Effects ProducerLost(std::string_view producer_id);
  Effects ConsumersLost(const std::vector<MediaId>& consumer_ids);
  // The media service has forgotten everything.
  Effects AllMediaLost();

  // The producer that everyone else knows under this id, and its owner.
  struct OwnedProducer {
    Participant* owner = nullptr;
    Producer* producer = nullptr;
  };
  OwnedProducer FindProducer(std::string_view producer_id);
  static MediaId ProducerIdOf(ParticipantId owner, std::string_view own_id);

  // ---- At other signaling instances (room_elsewhere.cc)

  // What they are told of this participant, which must be here.
  v1::SharedParticipant Shared(ParticipantId id) const;
  // A participant of another instance as it is now; a new one joins. One that is here: Yield first.
  Effects SetElsewhere(ParticipantId id, const v1::SharedParticipant& shared);
  // One of another instance has gone. Of those here none is meant.
  Effects DropElsewhere(ParticipantId id, std::string_view reason);
  // One of another instance came back by a connection of ours, having seen its events up to `seq`:
  // it is ours from now on, its media is as it was. What it receives is known after Restore, and it
  // is told nothing before Settle. It must be elsewhere.
  Effects TakeOver(ParticipantId id, const v1::SharedParticipant& shared, ConnectionId connection,
                   uint64_t seq);
  // How the media service describes the transports of one that was taken over with this attempt;
  // what it has beyond our books is closed.
  Effects Restore(ParticipantId id, uint32_t attempt, const media::v1::StatsResponse& described);
  // Its connection is being told all that its log has and then how everything is: the number of
  // that comes back.
  uint64_t Settle(ParticipantId id);
  // Another instance has taken it over: here it is elsewhere from now on. Its media stays.
  Effects Yield(ParticipantId id);

  // ---- What people write (room_chat.cc)

  // Tells of a message that is kept those of this instance who may read it; nobody where it is one
  // of the newest kMaxToldMessages that were told before.
  enum class Author : uint8_t { kAnswered, kWaits };  // whether it is told, too
  Effects Write(const v1::SharedMessage& message, Author author);
  // `from` writes to everybody else, or to one. Only for those who are connected.
  Effects Typing(std::string_view from, std::optional<ParticipantId> to) const;
  // There may be messages that nobody here was told of: to be asked for.
  Effects TellOfMissedMessages();

  // ---- Snapshots

  json::array OthersJson(ParticipantId id) const;
  json::array ConsumersJson(ParticipantId id);
  json::array ProducersJson(ParticipantId id) const;  // everyone else's, for `getProducers`

 private:
  Result<void> CheckSeat() const;
  Participant& Add(ParticipantId id, Entrant entrant);
  // Logs the event, and sends it where the participant listens.
  void Tell(Participant& participant, std::string_view name, const json::object& payload,
            Effects& effects);
  // About `except`; of one who is hidden nobody is told anything.
  void TellOthers(ParticipantId except, std::string_view name, const json::object& payload,
                  Effects& effects);
  void TellConnected(const Participant& participant, Effects& effects);
  void Attach(Participant& participant, ConnectionId connection, Effects& effects);
  void Erase(ParticipantId id, Effects& effects);
  void CloseIfUnused(Effects& effects);
  // A producer of somebody else has come.
  void TellAdded(const Participant& owner, const Producer& producer, Effects& effects);
  // Others are told.
  void SetPaused(const Participant& owner, Producer& producer, bool paused, Effects& effects);
  void UpdateElsewhere(Participant& participant, const v1::SharedParticipant& shared,
                       Effects& effects);
  void UpdateProducers(Participant& participant, const v1::SharedParticipant& shared,
                       Effects& effects);
  // Producers of this participant that the media service does not have, has beyond our books, or
  // has paused or resumed.
  void RestoreProducers(Participant& owner, const media::v1::StatsResponse& described,
                        Effects& effects);
  void RestoreConsumers(Participant& receiver, const media::v1::StatsResponse& described,
                        Effects& effects);

  // Whether the message was told before; from now on it was.
  bool NoteTold(const v1::SharedMessage& message);

  // Forgets producers of one participant together with everyone's consumers of them.
  enum class Telling : uint8_t { kConsumersOnly, kProducersToo };
  void ForgetProducers(Participant& owner, const std::vector<MediaId>& ids, Telling telling,
                       Effects& effects);
  void ForgetConsumersOf(Participant& receiver, const std::vector<MediaId>& producer_ids,
                         Effects& effects);
  void ForgetTransport(Participant& owner, std::string_view transport_id, Effects& effects);
  // All media of one participant, closed at the media service too.
  void ClearMedia(Participant& participant, Telling telling, Effects& effects);

  RoomId id_;
  std::string name_;
  int64_t created_at_ms_;
  RoomLimits limits_;
  Home home_;
  bool is_closed_ = false;
  std::deque<std::pair<int64_t, std::string>> told_;  // number and id of messages, newest last
  std::vector<std::unique_ptr<Participant>> participants_;  // in the order of joining
};

}  // namespace confab::signaling
