// What the control API tells of the instance itself.

#include <memory>

#include "services/media/control_api.h"
#include "services/media/media_status.h"

namespace confab::media {
namespace {

// One question to all workers. Lives on the completion thread.
struct Gathering {
  grpc::ServerUnaryReactor* reactor;
  pb::GetStateResponse* response;
  size_t missing;
  MediaStatus sum;

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

grpc::ServerUnaryReactor* ControlApi::GetState(grpc::CallbackServerContext* context,
                                               const pb::GetStateRequest*,
                                               pb::GetStateResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  response->set_instance(identity_.instance);
  response->set_version(identity_.version);
  response->set_region(identity_.region);
  const auto uptime = std::chrono::steady_clock::now() - started_at_;
  response->set_uptime_ms(std::chrono::duration_cast<std::chrono::milliseconds>(uptime).count());
  response->set_workers(static_cast<uint32_t>(workers_.size()));
  for (const WorkerThread* worker : workers_) response->add_ports(worker->port());
  // Shared by the workers' answers.
  auto gathering = std::make_shared<Gathering>(reactor, response, workers_.size(), MediaStatus());
  for (WorkerThread* thread : workers_) {
    auto take = [this, thread, gathering](sfu::Worker& worker, Timestamp) {
      completions_->Post(
          [gathering, status = StatusOf(*thread, worker)] { gathering->Take(status); });
    };
    // One that is too busy to answer has its numbers left out: the others' are worth having.
    if (!thread->Post(std::move(take))) {
      completions_->Post([gathering] { gathering->Take({}); });
    }
  }
  return reactor;
}

}  // namespace confab::media
