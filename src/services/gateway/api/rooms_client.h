#pragma once

#include <memory>
#include <string>
#include <vector>

#include "confab/rooms/v1/rooms.grpc.pb.h"
#include "rpc/caller.h"
#include "services/gateway/api/rooms_port.h"
#include "services/gateway/peer_channels.h"

namespace confab::gateway {

// The signaling instances over gRPC. A room is looked for at the instance that rendezvous hashing
// names (base/rendezvous.h), which is where clients are sent too; what is about all rooms is asked
// of every instance at the same time and merged. An instance that does not answer is left out of a
// list and of the state, unless none answers.
class RoomsClient final : public RoomsPort {
 public:
  explicit RoomsClient(asio::io_context& io);
  ~RoomsClient() override;

  // Replaces all that are known. Calls that are on their way go on.
  void SetPeers(const std::vector<Peer>& peers);

  asio::awaitable<Result<rooms::v1::ListRoomsResponse>> List(rooms::v1::ListRoomsRequest request,
                                                             const CallScope& scope) override;
  asio::awaitable<Result<rooms::v1::GetRoomResponse>> Find(std::string room,
                                                           const CallScope& scope) override;
  asio::awaitable<Result<rooms::v1::CloseRoomResponse>> Close(rooms::v1::CloseRoomRequest request,
                                                              const CallScope& scope) override;
  asio::awaitable<Result<rooms::v1::RemoveParticipantResponse>> Remove(
      rooms::v1::RemoveParticipantRequest request, const CallScope& scope) override;
  asio::awaitable<Result<rooms::v1::MuteParticipantResponse>> Mute(
      rooms::v1::MuteParticipantRequest request, const CallScope& scope) override;
  asio::awaitable<Result<std::vector<rooms::v1::GetStateResponse>>> State(
      const CallScope& scope) override;

 private:
  using Async = rooms::v1::Rooms::StubInterface::async_interface;
  template <typename Request, typename Response>
  using Method = rpc::Caller::Method<Async, Request, Response>;
  struct Known {
    std::string id;
    std::unique_ptr<rooms::v1::Rooms::Stub> stub;
  };

  template <typename Request, typename Response>
  asio::awaitable<Result<Response>> AskOne(std::string room, Request request,
                                           Method<Request, Response> method,
                                           const CallScope& scope);
  template <typename Request, typename Response>
  asio::awaitable<Result<std::vector<Response>>> AskAll(Request request,
                                                        Method<Request, Response> method,
                                                        const CallScope& scope);

  std::vector<Known> known_;
  rpc::Caller caller_;
};

}  // namespace confab::gateway
