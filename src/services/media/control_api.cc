#include "services/media/control_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "services/media/convert/rtp_to_proto.h"
#include "sfu/parameters/supported_capabilities.h"

namespace confab::media {
namespace {

grpc::StatusCode StatusCodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidMessage:
    case ErrorCode::kUnsupportedParameters:
    case ErrorCode::kUnsupportedProtocol:
    case ErrorCode::kInvalidConfiguration: return grpc::StatusCode::INVALID_ARGUMENT;
    case ErrorCode::kUnauthorized:
    case ErrorCode::kSessionExpired: return grpc::StatusCode::UNAUTHENTICATED;
    case ErrorCode::kForbidden: return grpc::StatusCode::PERMISSION_DENIED;
    case ErrorCode::kRoomNotFound:
    case ErrorCode::kParticipantNotFound:
    case ErrorCode::kTransportNotFound:
    case ErrorCode::kProducerNotFound:
    case ErrorCode::kConsumerNotFound:
    case ErrorCode::kRouterNotFound:
    case ErrorCode::kNotFound: return grpc::StatusCode::NOT_FOUND;
    case ErrorCode::kDuplicateId:
    case ErrorCode::kAlreadyJoined: return grpc::StatusCode::ALREADY_EXISTS;
    case ErrorCode::kNotJoined:
    case ErrorCode::kCannotConsume:
    case ErrorCode::kInvalidState: return grpc::StatusCode::FAILED_PRECONDITION;
    case ErrorCode::kRoomFull:
    case ErrorCode::kLimitExceeded:
    case ErrorCode::kRateLimited: return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case ErrorCode::kMediaUnavailable:
    case ErrorCode::kUnavailable:
    case ErrorCode::kShuttingDown: return grpc::StatusCode::UNAVAILABLE;
    case ErrorCode::kInternal: return grpc::StatusCode::INTERNAL;
  }
  return grpc::StatusCode::INTERNAL;
}

}  // namespace

grpc::Status ToStatus(const Error& error) {
  return {StatusCodeOf(error.code), fmt::format("{}: {}", ToString(error.code), error.message)};
}

ControlApi::ControlApi(std::vector<WorkerThread*> workers, CompletionThread& completions,
                       EventHub& events)
    : workers_(std::move(workers)), completions_(&completions), events_(&events) {}

// The same router is always on the same worker: its transports share a thread.
WorkerThread& ControlApi::WorkerOf(const std::string& router_id) {
  return *workers_[std::hash<std::string>{}(router_id) % workers_.size()];
}

grpc::ServerUnaryReactor* ControlApi::Run(grpc::CallbackServerContext* context,
                                          const std::string& router_id, Command command) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (router_id.empty() || router_id.size() > kMaxIdLength) {
    reactor->Finish(
        ToStatus({ErrorCode::kInvalidMessage, "router_id must have 1 to 64 characters"}));
    return reactor;
  }
  const bool posted = WorkerOf(router_id).Post(
      [this, reactor, command = std::move(command)](sfu::Worker& worker, Timestamp now) mutable {
        completions_->Post([reactor, finish = command(worker, now)]() mutable {
          const Result<void> result = finish();
          reactor->Finish(result ? grpc::Status::OK : ToStatus(result.error()));
        });
      });
  if (!posted) {
    reactor->Finish(ToStatus({ErrorCode::kRateLimited, "the media worker is too busy: try again"}));
  }
  return reactor;
}

grpc::ServerUnaryReactor* ControlApi::GetRouterCapabilities(grpc::CallbackServerContext* context,
                                                            const pb::GetRouterCapabilitiesRequest*,
                                                            pb::RtpCapabilities* response) {
  *response = ToProto(sfu::RouterRtpCapabilities());
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerWriteReactor<pb::Event>* ControlApi::Events(grpc::CallbackServerContext*,
                                                        const pb::EventsRequest*) {
  return events_->Open();
}

}  // namespace confab::media
