#pragma once

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "net/asio.h"
#include "services/signaling/call/room_directory.h"
#include "services/signaling/call/session.h"
#include "services/signaling/door/door.h"
#include "services/signaling/media/media_pool.h"
#include "services/signaling/record/call_record.h"
#include "services/signaling/record/removed_tokens.h"
#include "services/signaling/signaling_options.h"

namespace confab::signaling {

// Between rooms, connections and the media services: carries out what rooms decide. The handlers of
// client events work through it. One thread. Stop() must have ended, or the io_context not run any
// more, before it is destroyed.
class Switchboard final : public MediaPoolListener {
 public:
  Switchboard(asio::io_context& io, SignalingOptions options);
  ~Switchboard() override;

  // The media services that there are now. Rooms stay where they are while that is possible.
  void SetMedia(std::vector<discovery::Instance> instances) {
    media_.SetInstances(std::move(instances));
  }
  // Says goodbye to everyone, closes the rooms' routers, and waits for what is under way, at most
  // until the deadline.
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
  // The media service of this room, which gets one here if it has none. Valid until the next
  // co_await.
  MediaClient& media(Room& room);
  RoomDirectory& rooms() { return rooms_; }
  const RoomDirectory& rooms() const { return rooms_; }
  Door& door() { return door_; }
  // Writes down what moderators did.
  CallRecord& record() { return record_; }
  const SignalingOptions& options() const { return options_; }
  // Of any media service; nothing until one has answered for the first time.
  const std::optional<media::v1::RtpCapabilities>& router_capabilities() const {
    return router_capabilities_;
  }
  // Whether rooms can be given media now.
  bool has_media() const { return media_.is_up() && router_capabilities_.has_value(); }
  static Timestamp Now();
  static int64_t UnixMillis();
  static int64_t UnixMicros();
  // 128 random bits, for transports and consumers.
  MediaId NewMediaId();
  RandomSource& random() { return random_; }

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
  // The protocol's `Error` for a refused event; counts and logs it. Of events that came too fast
  // the first in a row is logged.
  json::object Refuse(const Session& session, std::string_view event, const Error& error,
                      std::optional<TimeDelta> retry_after = std::nullopt);
  // Runs beside everything else. Exceptions end there.
  void Spawn(asio::awaitable<void> coroutine);

  void CountEvent() { ++events_; }
  SignalingStatus status() const;
  std::vector<MediaInstanceStatus> media_status() const;

 private:
  // Tells the connection that its place is gone, and ends it.
  void EndConnection(ConnectionId id, std::string_view event);
  void OnMediaUp(const std::string& id, MediaListener::Instance instance) override;
  void OnMediaGone(const std::string& id) override;
  void OnMediaEvent(const std::string& id, const media::v1::Event& event) override;

  void Carry(const std::shared_ptr<Room>& room, SendEvent& effect);
  void Carry(const std::shared_ptr<Room>& room, ReplaceConnection& effect);
  void Carry(const std::shared_ptr<Room>& room, RemoveConnection& effect);
  void Carry(const std::shared_ptr<Room>& room, CloseMedia& effect);
  void Carry(const std::shared_ptr<Room>& room, CloseRoom& effect);
  void Carry(const std::shared_ptr<Room>& room, ConsumeMissing& effect);
  void Carry(const std::shared_ptr<Room>& room, RecordCame& effect);
  void Carry(const std::shared_ptr<Room>& room, RecordLeft& effect);

  asio::awaitable<void> ConsumeAllMissing(Place place);
  asio::awaitable<void> CompareTransports(std::shared_ptr<Room> room);
  asio::awaitable<void> LoadRouterCapabilities(std::string media_id);
  std::vector<std::shared_ptr<Room>> RoomsOn(const std::string& media_id) const;
  asio::awaitable<void> CloseRouters();
  // Everybody's stay ends with this process.
  void RecordEnds();
  void Welcome(Session& session);
  void TellSpeakers(Room& room, const media::v1::ActiveSpeakers& speakers);

  asio::io_context& io_;
  SignalingOptions options_;
  SecureRandom random_;
  RoomDirectory rooms_;
  store::WriteBehind behind_;
  std::unique_ptr<TokenUses> uses_;
  Door door_;
  CallRecord record_;
  RemovedTokens removed_;
  MediaPool media_;
  std::optional<media::v1::RtpCapabilities> router_capabilities_;

  // Ordered by age. Shared with the coroutine that works on a session's events.
  std::map<ConnectionId, std::shared_ptr<Session>> sessions_;
  uint64_t last_connection_ = 0;
  // Participants for whom ConsumeAllMissing runs.
  std::set<ParticipantId> consuming_;
  std::unordered_map<RoomId, asio::steady_timer> grace_timers_;
  size_t running_ = 0;       // coroutines
  asio::steady_timer idle_;  // cancelled when `running_` falls to 0
  uint64_t events_ = 0;
  uint64_t refusals_ = 0;
  bool is_stopping_ = false;
};

}  // namespace confab::signaling
