#pragma once

#include <string>

#include "confab/rooms/v1/rooms.pb.h"
#include "services/signaling/call/switchboard.h"

namespace confab::signaling {

// What may be asked about the rooms of this instance and done to them from outside: the operations
// of confab.rooms.v1. What was done is recorded with its actor (CallRecord). Lives on the
// io_context's thread; the switchboard must outlive it.
class Moderation {
 public:
  explicit Moderation(Switchboard& switchboard) : switchboard_(switchboard) {}

  rooms::v1::ListRoomsResponse List(const rooms::v1::ListRoomsRequest& request) const;
  // Error: kRoomNotFound.
  Result<rooms::v1::GetRoomResponse> Find(const rooms::v1::GetRoomRequest& request) const;
  Result<rooms::v1::CloseRoomResponse> Close(const rooms::v1::CloseRoomRequest& request);
  // Error: kRoomNotFound, kParticipantNotFound.
  Result<rooms::v1::RemoveParticipantResponse> Remove(
      const rooms::v1::RemoveParticipantRequest& request);
  // Error: kRoomNotFound, kParticipantNotFound, kInvalidMessage (no such source), and those of the
  // media service.
  asio::awaitable<Result<rooms::v1::MuteParticipantResponse>> Mute(
      rooms::v1::MuteParticipantRequest request);
  rooms::v1::GetStateResponse State() const;

 private:
  void Record(Deed deed);
  Result<Place> PlaceOf(const std::string& room, const std::string& participant_id) const;

  Switchboard& switchboard_;
  const Timestamp started_at_ = Switchboard::Now();
};

}  // namespace confab::signaling
