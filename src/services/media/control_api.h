#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "confab/media/v1/media.grpc.pb.h"
#include "rpc/status.h"
#include "services/media/completion_thread.h"
#include "services/media/drain.h"
#include "services/media/event_hub.h"
#include "services/media/media_log.h"
#include "services/media/router_gate.h"
#include "services/media/worker_thread.h"

namespace confab::media {

// The gRPC interface confab.media.v1.Media behind its door (ControlDoor). Each call is checked and
// converted on gRPC's thread, runs as one command on its router's worker if its epoch is the one
// that is leased, and is finished on the completion thread.
class ControlApi final {
 public:
  static constexpr size_t kMaxIdLength = 64;
  static constexpr int kMaxConsumeItems = 512;
  static constexpr int kMaxLeaseItems = 1000;
  // How much longer than its lease a router may live.
  static constexpr TimeDelta kSweepPeriod = TimeDelta::Millis(250);
  // A load that has not changed its flags is told with every so many sweeps.
  static constexpr int kSweepsPerLoad = 4;

  struct Options {
    TimeDelta lease = LeaseTable::kLease;
    // Of all workers together. Each has an equal share: a room does not change its worker.
    size_t max_transports = 20'000;
    MediaLog log = {};
  };

  // None is owned; all outlive the server that this answers for. The workers end before this does.
  ControlApi(std::vector<WorkerThread*> workers, CompletionThread& completions, EventHub& events,
             media::Drain& drain, Options options);

  // Has each worker close the routers whose time is over, and tells the readers of events how much
  // there is to do. To be called every kSweepPeriod, always from the same thread: the workers look
  // at no clock for it.
  void Sweep();

  grpc::ServerUnaryReactor* GetRouterCapabilities(grpc::CallbackServerContext*,
                                                  const pb::GetRouterCapabilitiesRequest*,
                                                  pb::RtpCapabilities*);
  grpc::ServerUnaryReactor* CreateTransport(grpc::CallbackServerContext*,
                                            const pb::CreateTransportRequest*,
                                            pb::CreateTransportResponse*);
  grpc::ServerUnaryReactor* ConnectTransport(grpc::CallbackServerContext*,
                                             const pb::ConnectTransportRequest*,
                                             pb::ConnectTransportResponse*);
  grpc::ServerUnaryReactor* RestartIce(grpc::CallbackServerContext*, const pb::RestartIceRequest*,
                                       pb::IceParameters*);
  grpc::ServerUnaryReactor* CreatePlainTransport(grpc::CallbackServerContext*,
                                                 const pb::CreatePlainTransportRequest*,
                                                 pb::CreatePlainTransportResponse*);
  grpc::ServerUnaryReactor* ConnectPlainTransport(grpc::CallbackServerContext*,
                                                  const pb::ConnectPlainTransportRequest*,
                                                  pb::ConnectPlainTransportResponse*);
  grpc::ServerUnaryReactor* Produce(grpc::CallbackServerContext*, const pb::ProduceRequest*,
                                    pb::ProduceResponse*);
  grpc::ServerUnaryReactor* Consume(grpc::CallbackServerContext*, const pb::ConsumeRequest*,
                                    pb::ConsumeResponse*);
  grpc::ServerUnaryReactor* Pause(grpc::CallbackServerContext*, const pb::MediaIds*,
                                  pb::MediaIdsResponse*);
  grpc::ServerUnaryReactor* Resume(grpc::CallbackServerContext*, const pb::MediaIds*,
                                   pb::MediaIdsResponse*);
  grpc::ServerUnaryReactor* RequestKeyFrame(grpc::CallbackServerContext*, const pb::MediaIds*,
                                            pb::MediaIdsResponse*);
  grpc::ServerUnaryReactor* Close(grpc::CallbackServerContext*, const pb::CloseRequest*,
                                  pb::MediaIdsResponse*);
  grpc::ServerUnaryReactor* Lease(grpc::CallbackServerContext*, const pb::LeaseRequest*,
                                  pb::LeaseResponse*);
  grpc::ServerUnaryReactor* Drain(grpc::CallbackServerContext*, const pb::DrainRequest*,
                                  pb::DrainState*);
  grpc::ServerUnaryReactor* Undrain(grpc::CallbackServerContext*, const pb::UndrainRequest*,
                                    pb::DrainState*);
  grpc::ServerUnaryReactor* Stats(grpc::CallbackServerContext*, const pb::StatsRequest*,
                                  pb::StatsResponse*);
  grpc::ServerWriteReactor<pb::Event>* Events(grpc::CallbackServerContext*,
                                              const pb::EventsRequest*);

 private:
  // The second half of a call: fills the response. Runs on the completion thread.
  using Finish = std::move_only_function<Result<void>()>;
  // The first half: runs on the worker and returns the second.
  using Command = std::move_only_function<Finish(sfu::Worker&, Timestamp now)>;

  // What a command is for. The request outlives it.
  struct Target {
    const std::string& router_id;
    int64_t epoch;
    std::string_view call;  // a literal

    static Target Of(const auto& request, std::string_view call) {
      return {request.router_id(), request.epoch(), call};
    }
  };

  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* context, Target target,
                                Command command);
  void LogFailure(const grpc::CallbackServerContext& context, Target target,
                  const Error& error) const;
  grpc::ServerUnaryReactor* TellDrain(grpc::CallbackServerContext* context,
                                      pb::DrainState* response);
  pb::Load LoadNow() const;
  void TellLoad();
  size_t IndexOf(const std::string& router_id) const;
  WorkerThread& WorkerOf(const std::string& router_id) { return *workers_[IndexOf(router_id)]; }
  RouterGate& GateOf(const std::string& router_id) { return *gates_[IndexOf(router_id)]; }

  std::vector<WorkerThread*> workers_;
  CompletionThread* completions_;
  EventHub* events_;
  media::Drain* drain_;
  MediaLog log_;
  // One for each worker, on whose thread alone it is used.
  std::vector<std::unique_ptr<RouterGate>> gates_;
  // Of Sweep's thread.
  pb::Load told_load_;
  int sweeps_ = 0;
};

}  // namespace confab::media
