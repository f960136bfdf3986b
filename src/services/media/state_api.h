#pragma once

#include <grpcpp/server_context.h>

#include <string>
#include <vector>

#include "confab/media/v1/state.grpc.pb.h"
#include "net/clock.h"
#include "rpc/call_gate.h"
#include "services/media/completion_thread.h"
#include "services/media/drain.h"
#include "services/media/worker_thread.h"

namespace confab::media {

// The gRPC interface confab.media.v1.State: every worker is asked, and the call is finished on the
// completion thread when the last has answered. Thread-safe.
class StateApi final : public v1::State::CallbackService {
 public:
  // Who answers.
  struct Identity {
    std::string instance;  // as discovery knows it
    std::string version;
    std::string region;
  };

  // Of workers, completions and drain none is owned; all outlive the server that this is registered
  // with.
  StateApi(Identity identity, std::vector<WorkerThread*> workers, CompletionThread& completions,
           const Drain& drain, rpc::TokenCheck check);

 private:
  grpc::ServerUnaryReactor* GetState(grpc::CallbackServerContext* context,
                                     const v1::GetStateRequest* request,
                                     v1::GetStateResponse* response) override;
  void Describe(v1::GetStateResponse& response) const;

  const Identity identity_;
  const Timestamp started_at_ = net::MonotonicNow();
  std::vector<WorkerThread*> workers_;
  CompletionThread* completions_;
  const Drain* drain_;
  rpc::CallGate gate_;
};

}  // namespace confab::media
