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
#include "services/media/event_hub.h"
#include "services/media/worker_thread.h"

namespace confab::media {

// The gRPC interface confab.media.v1.Media behind its door (ControlDoor). Each call is checked and
// converted on gRPC's thread, runs as one command on its router's worker, and is finished on the
// completion thread.
class ControlApi final {
 public:
  static constexpr size_t kMaxIdLength = 64;
  static constexpr int kMaxConsumeItems = 512;

  // None is owned; all outlive the server that this answers for.
  ControlApi(std::vector<WorkerThread*> workers, CompletionThread& completions, EventHub& events);

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
  grpc::ServerUnaryReactor* Stats(grpc::CallbackServerContext*, const pb::StatsRequest*,
                                  pb::StatsResponse*);
  grpc::ServerWriteReactor<pb::Event>* Events(grpc::CallbackServerContext*,
                                              const pb::EventsRequest*);

 private:
  // The second half of a call: fills the response. Runs on the completion thread.
  using Finish = std::move_only_function<Result<void>()>;
  // The first half: runs on the worker and returns the second.
  using Command = std::move_only_function<Finish(sfu::Worker&, Timestamp now)>;

  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* context, const std::string& router_id,
                                Command command);
  WorkerThread& WorkerOf(const std::string& router_id);

  std::vector<WorkerThread*> workers_;
  CompletionThread* completions_;
  EventHub* events_;
};

}  // namespace confab::media
