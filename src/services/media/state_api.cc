#include "services/media/state_api.h"

#include <memory>
#include <utility>

#include "net/clock.h"
#include "services/media/media_status.h"

namespace confab::media {
namespace {

// One question to all workers. Lives on the completion thread.
struct Gathering {
  grpc::ServerUnaryReactor* reactor;
  v1::GetStateResponse* response;
  size_t missing;
  MediaStatus sum = {};

  void Take(const MediaStatus& part) {
    sum += part;
    if (--missing > 0) return;
    response->set_routers(static_cast<uint32_t>(sum.routers));
    response->set_transports(static_cast<uint32_t>(sum.transports));
    response->set_producers(static_cast<uint32_t>(sum.producers));
    response->set_consumers(static_cast<uint32_t>(sum.consumers));
    reactor->Finish(grpc::Status::OK);
  }
};

}  // namespace

StateApi::StateApi(Identity identity, std::vector<WorkerThread*> workers,
                   CompletionThread& completions, const Drain& drain, rpc::TokenCheck check)
    : identity_(std::move(identity)),
      workers_(std::move(workers)),
      completions_(&completions),
      drain_(&drain),
      gate_(std::move(check)) {}

void StateApi::Describe(v1::GetStateResponse& response) const {
  response.set_instance(identity_.instance);
  response.set_version(identity_.version);
  response.set_region(identity_.region);
  const Timestamp now = net::MonotonicNow();
  response.set_uptime_ms((now - started_at_).ms());
  response.set_workers(static_cast<uint32_t>(workers_.size()));
  response.set_is_draining(drain_->is_on());
  response.set_drain_left_ms(static_cast<uint32_t>(drain_->Left(now).ms()));
  for (const WorkerThread* worker : workers_) response.add_ports(worker->port());
}

grpc::ServerUnaryReactor* StateApi::GetState(grpc::CallbackServerContext* context,
                                             const v1::GetStateRequest*,
                                             v1::GetStateResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (const grpc::Status admitted = gate_.Admit(*context); !admitted.ok()) {
    reactor->Finish(admitted);
    return reactor;
  }
  Describe(*response);
  // Shared by the workers' answers.
  const auto gathering = std::make_shared<Gathering>(Gathering{reactor, response, workers_.size()});
  for (WorkerThread* thread : workers_) {
    auto ask = [completions = completions_, thread, gathering](sfu::Worker& worker, Timestamp) {
      completions->Post(
          [gathering, status = StatusOf(*thread, worker)] { gathering->Take(status); });
    };
    // One that is too busy to answer is left out: the others' numbers are worth having.
    if (!thread->Post(std::move(ask))) completions_->Post([gathering] { gathering->Take({}); });
  }
  return reactor;
}

}  // namespace confab::media
