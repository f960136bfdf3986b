#include "services/signaling/rooms_api/rooms_api.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include "rpc/call_scope_metadata.h"
#include "rpc/status.h"

namespace confab::signaling {

namespace pb = rooms::v1;

namespace {

constexpr TimeDelta kDrainPoll = TimeDelta::Millis(5);

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

}  // namespace

void RoomsApi::Close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
}

asio::awaitable<void> RoomsApi::Drain(TimeDelta deadline) {
  asio::steady_timer pause(io_);
  for (TimeDelta waited; waited < deadline; waited += kDrainPoll) {
    {
      const std::lock_guard lock(mutex_);
      if (running_ == 0) co_return;
    }
    pause.expires_after(ToChrono(kDrainPoll));
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void RoomsApi::Log(const Context& context, std::string_view method,
                   const Result<void>& outcome) const {
  using observe::LogEvent, observe::LogLevel;
  const bool only_reads = method.starts_with("Get") || method.starts_with("List");
  const LogLevel level = only_reads ? LogLevel::kDebug : LogLevel::kInfo;
  if (!logger_.is_enabled(level)) return;
  const CallScope scope = rpc::ScopeOf(context);
  if (outcome) return logger_.Log(level, LogEvent::kApiCall, scope, {{"call", method}});
  logger_.Log(
      level, LogEvent::kApiCall, scope,
      {{"call", method}, {"code", outcome.error().code}, {"message", outcome.error().message}});
}

template <typename Response, typename Work>
asio::awaitable<void> RoomsApi::Answer(Context* context, Reactor* reactor, Response* response,
                                       Work work) {
  Result<Response> result = co_await work();
  if (result) *response = std::move(*result);
  // Before the call is finished: what it refers to ends with it.
  constexpr std::string_view kSuffix = "Response";
  const std::string_view name = Response::descriptor()->name();
  Log(*context, name.substr(0, name.size() - kSuffix.size()),
      result ? Result<void>() : std::unexpected(result.error()));
  reactor->Finish(result ? grpc::Status::OK : rpc::ToStatus(result.error()));
  const std::lock_guard lock(mutex_);
  --running_;
}

template <typename Response, typename Work>
Reactor* RoomsApi::Run(Context* context, Response* response, Work work) {
  Reactor* reactor = context->DefaultReactor();
  const grpc::Status admitted = gate_.Admit(*context);
  const std::lock_guard lock(mutex_);
  if (!admitted.ok()) {
    reactor->Finish(admitted);
  } else if (is_closed_) {
    reactor->Finish(rpc::ToStatus({ErrorCode::kShuttingDown, "this instance is being stopped"}));
  } else {
    ++running_;
    asio::co_spawn(io_, Answer(context, reactor, response, std::move(work)), asio::detached);
  }
  return reactor;
}

Reactor* RoomsApi::ListRooms(Context* context, const pb::ListRoomsRequest* request,
                             pb::ListRoomsResponse* response) {
  return Run(context, response,
             [this, request]() -> asio::awaitable<Result<pb::ListRoomsResponse>> {
               co_return moderation_.List(*request);
             });
}

Reactor* RoomsApi::GetRoom(Context* context, const pb::GetRoomRequest* request,
                           pb::GetRoomResponse* response) {
  return Run(context, response, [this, request]() -> asio::awaitable<Result<pb::GetRoomResponse>> {
    pb::GetRoomRequest copy = *request;
    co_return co_await moderation_.Find(std::move(copy));
  });
}

Reactor* RoomsApi::CloseRoom(Context* context, const pb::CloseRoomRequest* request,
                             pb::CloseRoomResponse* response) {
  return Run(context, response,
             [this, request]() -> asio::awaitable<Result<pb::CloseRoomResponse>> {
               pb::CloseRoomRequest copy = *request;
               co_return co_await moderation_.Close(std::move(copy));
             });
}

Reactor* RoomsApi::RemoveParticipant(Context* context, const pb::RemoveParticipantRequest* request,
                                     pb::RemoveParticipantResponse* response) {
  using Removed = Result<pb::RemoveParticipantResponse>;
  return Run(context, response, [this, request]() -> asio::awaitable<Removed> {
    pb::RemoveParticipantRequest copy = *request;
    co_return co_await moderation_.Remove(std::move(copy));
  });
}

Reactor* RoomsApi::MuteParticipant(Context* context, const pb::MuteParticipantRequest* request,
                                   pb::MuteParticipantResponse* response) {
  using Muted = Result<pb::MuteParticipantResponse>;
  return Run(context, response, [this, request]() -> asio::awaitable<Muted> {
    pb::MuteParticipantRequest copy = *request;
    co_return co_await moderation_.Mute(std::move(copy));
  });
}

Reactor* RoomsApi::GetState(Context* context, const pb::GetStateRequest*,
                            pb::GetStateResponse* response) {
  return Run(context, response, [this]() -> asio::awaitable<Result<pb::GetStateResponse>> {
    co_return moderation_.State();
  });
}

}  // namespace confab::signaling
