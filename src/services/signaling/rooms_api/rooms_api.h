#pragma once

#include <grpcpp/grpcpp.h>

#include <mutex>

#include "confab/rooms/v1/rooms.grpc.pb.h"
#include "net/asio.h"
#include "observe/logger.h"
#include "rpc/call_gate.h"
#include "services/signaling/rooms_api/moderation.h"

namespace confab::signaling {

// The gRPC interface confab.rooms.v1.Rooms: gRPC's threads look at the token and bring the call to
// the io_context's thread, where Moderation does the work. The server that it is registered with
// must go before it, and Close and Drain have ended before that: a call that has begun is finished
// on the io_context's thread only.
class RoomsApi final : public rooms::v1::Rooms::CallbackService {
 public:
  RoomsApi(asio::io_context& io, Moderation& moderation, rpc::TokenCheck check,
           observe::Logger logger)
      : io_(io), moderation_(moderation), gate_(std::move(check)), logger_(std::move(logger)) {}

  // New calls are refused as UNAVAILABLE from now on.
  void Close();
  // Returns when those that had begun have ended, or at the deadline. After Close.
  asio::awaitable<void> Drain(TimeDelta deadline);

  grpc::ServerUnaryReactor* ListRooms(grpc::CallbackServerContext*,
                                      const rooms::v1::ListRoomsRequest*,
                                      rooms::v1::ListRoomsResponse*) override;
  grpc::ServerUnaryReactor* GetRoom(grpc::CallbackServerContext*, const rooms::v1::GetRoomRequest*,
                                    rooms::v1::GetRoomResponse*) override;
  grpc::ServerUnaryReactor* CloseRoom(grpc::CallbackServerContext*,
                                      const rooms::v1::CloseRoomRequest*,
                                      rooms::v1::CloseRoomResponse*) override;
  grpc::ServerUnaryReactor* RemoveParticipant(grpc::CallbackServerContext*,
                                              const rooms::v1::RemoveParticipantRequest*,
                                              rooms::v1::RemoveParticipantResponse*) override;
  grpc::ServerUnaryReactor* MuteParticipant(grpc::CallbackServerContext*,
                                            const rooms::v1::MuteParticipantRequest*,
                                            rooms::v1::MuteParticipantResponse*) override;
  grpc::ServerUnaryReactor* GetState(grpc::CallbackServerContext*,
                                     const rooms::v1::GetStateRequest*,
                                     rooms::v1::GetStateResponse*) override;

 private:
  // Runs `work`, a coroutine function that returns Result<Response>, on the io_context's thread, if
  // the token is good. The request lives until the reactor is finished.
  template <typename Response, typename Work>
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* context, Response* response,
                                Work work);
  template <typename Response, typename Work>
  asio::awaitable<void> Answer(grpc::CallbackServerContext* context,
                               grpc::ServerUnaryReactor* reactor, Response* response, Work work);
  // What changes something, and what failed, is worth a line of its own.
  void Log(const grpc::CallbackServerContext& context, std::string_view method,
           const Result<void>& outcome) const;

  asio::io_context& io_;
  Moderation& moderation_;
  rpc::CallGate gate_;
  observe::Logger logger_;
  std::mutex mutex_;  // of the two below: gRPC's threads and ours
  bool is_closed_ = false;
  size_t running_ = 0;
};

}  // namespace confab::signaling
