#pragma once

#include <string>

#include "confab/rooms/v1/rooms.pb.h"
#include "net/clock.h"
#include "services/signaling/call/switchboard.h"

namespace confab::signaling {

// What may be asked about rooms and done to them from outside: the operations of confab.rooms.v1.
// Rooms are listed by the instances that have participants in them; whoever is named may be at any,
// and their instance is asked to do it. What was done is recorded with its actor (CallRecord).
// Lives on the io_context's thread; the switchboard must outlive it.
class Moderation {
 public:
  explicit Moderation(Switchboard& switchboard) : switchboard_(switchboard) {}

  rooms::v1::ListRoomsResponse List(const rooms::v1::ListRoomsRequest& request) const;
  // Error: kRoomNotFound.
  asio::awaitable<Result<rooms::v1::GetRoomResponse>> Find(rooms::v1::GetRoomRequest request) const;
  asio::awaitable<Result<rooms::v1::CloseRoomResponse>> Close(rooms::v1::CloseRoomRequest request);
  // Error: kRoomNotFound, kParticipantNotFound, kUnavailable.
  asio::awaitable<Result<rooms::v1::RemoveParticipantResponse>> Remove(
      rooms::v1::RemoveParticipantRequest request);
  // Error: the same, kInvalidMessage (no such source), and those of the
  // media service.
  asio::awaitable<Result<rooms::v1::MuteParticipantResponse>> Mute(
      rooms::v1::MuteParticipantRequest request);
  rooms::v1::GetStateResponse State() const;

 private:
  void Record(Deed deed);
  // Somebody whom others see, here or elsewhere.
  struct Target {
    std::shared_ptr<const Room> room;
    ParticipantId id;
  };
  asio::awaitable<Result<Target>> Find(std::string room, std::string participant_id) const;
  // By this instance, or by that which has the participant.
  asio::awaitable<Result<void>> Take(Target target, v1::SharedRequest request);

  Switchboard& switchboard_;
  const Timestamp started_at_ = net::MonotonicNow();
};

}  // namespace confab::signaling
