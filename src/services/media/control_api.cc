#include "services/media/control_api.h"

#include <algorithm>
#include <functional>

#include "rpc/call_scope_metadata.h"
#include "rpc/status.h"
#include "services/media/convert/rtp_to_proto.h"
#include "sfu/parameters/supported_capabilities.h"

namespace confab::media {

ControlApi::ControlApi(std::vector<WorkerThread*> workers, CompletionThread& completions,
                       EventHub& events, media::Drain& drain, Options options)
    : workers_(std::move(workers)),
      completions_(&completions),
      events_(&events),
      drain_(&drain),
      log_(options.log) {
  const size_t share = (options.max_transports + workers_.size() - 1) / workers_.size();
  for (size_t i = 0; i < workers_.size(); ++i) {
    gates_.push_back(std::make_unique<RouterGate>(
        drain, events, completions, workers_[i]->local_ends(),
        RouterGate::Options{.lease = options.lease, .max_transports = share, .log = log_}));
  }
}

void ControlApi::Sweep() {
  TellLoad();  // first: whoever hears of a router that was closed looks for another instance
  for (size_t i = 0; i < workers_.size(); ++i) {
    // One that is too busy is swept by the next, and before that admits nothing that is over.
    (void)workers_[i]->Post(
        [gate = gates_[i].get()](sfu::Worker& worker, Timestamp now) { gate->Sweep(now, worker); });
  }
}

pb::Load ControlApi::LoadNow() const {
  size_t transports = 0;
  for (const auto& gate : gates_) transports += gate->transports();
  pb::Load load;
  load.set_transports(static_cast<uint32_t>(transports));
  load.set_is_draining(drain_->is_on());
  // A room may get any of the workers: it is full when none has a place.
  load.set_is_full(std::ranges::all_of(gates_, [](const auto& gate) { return gate->is_full(); }));
  return load;
}

void ControlApi::TellLoad() {
  const pb::Load load = LoadNow();
  const bool is_other =
      load.is_draining() != told_load_.is_draining() || load.is_full() != told_load_.is_full();
  if (sweeps_++ % kSweepsPerLoad != 0 && !is_other) return;
  told_load_ = load;
  pb::Event event;
  *event.mutable_load() = load;
  events_->PublishLoad(event);
}

// The same router is always on the same worker: its transports share a thread.
size_t ControlApi::IndexOf(const std::string& router_id) const {
  return std::hash<std::string>{}(router_id) % workers_.size();
}

grpc::ServerUnaryReactor* ControlApi::Run(grpc::CallbackServerContext* context, Target target,
                                          Command command) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (target.router_id.empty() || target.router_id.size() > kMaxIdLength) {
    reactor->Finish(
        rpc::ToStatus({ErrorCode::kInvalidMessage, "router_id must have 1 to 64 characters"}));
    return reactor;
  }
  const bool posted =
      WorkerOf(target.router_id)
          .Post([this, reactor, context, target, gate = &GateOf(target.router_id),
                 command = std::move(command)](sfu::Worker& worker, Timestamp now) mutable {
            // Here and not before: what was posted earlier may have changed it.
            auto admitted = gate->Admit(now, target.router_id, target.epoch);
            Finish finish;
            if (admitted) {
              finish = command(worker, now);
            } else {
              finish = [admitted = std::move(admitted)] { return admitted; };
            }
            completions_->Post(
                [this, reactor, context, target, finish = std::move(finish)]() mutable {
                  const Result<void> result = finish();
                  // Before the call is finished: what it refers to ends with it.
                  if (!result) LogFailure(*context, target, result.error());
                  reactor->Finish(result ? grpc::Status::OK : rpc::ToStatus(result.error()));
                });
          });
  if (!posted) {
    reactor->Finish(
        rpc::ToStatus({ErrorCode::kRateLimited, "the media worker is too busy: try again"}));
  }
  return reactor;
}

void ControlApi::LogFailure(const grpc::CallbackServerContext& context, Target target,
                            const Error& error) const {
  log_.Failed(rpc::ScopeOf(context), target.call, target.router_id, error);
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
