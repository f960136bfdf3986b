#pragma once

#include <string>
#include <vector>

#include "base/call_scope.h"
#include "base/error.h"
#include "confab/rooms/v1/rooms.pb.h"
#include "net/asio.h"

namespace confab::gateway {

// The signaling instances, as the REST interface sees them: one place that has every room. Lives on
// the io_context's thread. Errors: what the instance says, or kUnavailable where it does not
// answer. `scope`: for whom it is asked; lives until the answer is there.
class RoomsPort {
 public:
  virtual ~RoomsPort() = default;

  // Merged over all instances, in the order of names.
  virtual asio::awaitable<Result<rooms::v1::ListRoomsResponse>> List(
      rooms::v1::ListRoomsRequest request, const CallScope& scope) = 0;
  virtual asio::awaitable<Result<rooms::v1::GetRoomResponse>> Find(std::string room,
                                                                   const CallScope& scope) = 0;
  virtual asio::awaitable<Result<rooms::v1::CloseRoomResponse>> Close(
      rooms::v1::CloseRoomRequest request, const CallScope& scope) = 0;
  virtual asio::awaitable<Result<rooms::v1::RemoveParticipantResponse>> Remove(
      rooms::v1::RemoveParticipantRequest request, const CallScope& scope) = 0;
  virtual asio::awaitable<Result<rooms::v1::MuteParticipantResponse>> Mute(
      rooms::v1::MuteParticipantRequest request, const CallScope& scope) = 0;
  // Of each instance that answers.
  virtual asio::awaitable<Result<std::vector<rooms::v1::GetStateResponse>>> State(
      const CallScope& scope) = 0;
};

}  // namespace confab::gateway
