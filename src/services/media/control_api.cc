#include "services/media/control_api.h"

#include <algorithm>
#include <functional>

#include "rpc/status.h"
#include "services/media/convert/rtp_to_proto.h"
#include "sfu/parameters/supported_capabilities.h"

namespace confab::media {
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
        rpc::ToStatus({ErrorCode::kInvalidMessage, "router_id must have 1 to 64 characters"}));
    return reactor;
  }
  const bool posted = WorkerOf(router_id).Post(
      [this, reactor, command = std::move(command)](sfu::Worker& worker, Timestamp now) mutable {
        completions_->Post([reactor, finish = command(worker, now)]() mutable {
          const Result<void> result = finish();
          reactor->Finish(result ? grpc::Status::OK : rpc::ToStatus(result.error()));
        });
      });
  if (!posted) {
    reactor->Finish(
        rpc::ToStatus({ErrorCode::kRateLimited, "the media worker is too busy: try again"}));
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
