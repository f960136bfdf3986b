#include "rpc/callback_queue.h"

#include <grpc/support/log.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <cstdio>
#include <cstring>
#include <memory>

namespace confab::rpc {
namespace {

// gRPC writes lines of its own form to stderr, and every stranger who breaks off a TLS handshake
// causes one. What goes wrong comes as a status; only the last words before an abort are kept.
void DropLogLine(gpr_log_func_args* line) {
  if (std::strstr(line->message, "assertion failed") == nullptr) return;
  std::fprintf(stderr, "gRPC: %s:%d: %s\n", line->file, line->line, line->message);
}

// A channel takes its share of the queue with its first call. This one has no credentials, so it
// connects to nothing and the call fails at once.
std::shared_ptr<grpc::Channel>* MakeUser() {
  gpr_set_log_function(&DropLogLine);
  struct Call {
    grpc::ClientContext context;
    grpc::Slice nothing;
    grpc::ByteBuffer request{&nothing, 1};
    grpc::ByteBuffer response;
  };
  auto* channel = new std::shared_ptr<grpc::Channel>(grpc::CreateChannel("", nullptr));
  grpc::GenericStub stub(*channel);
  auto call = std::make_shared<Call>();
  stub.UnaryCall(&call->context, "/confab.Nothing/Nothing", {}, &call->request, &call->response,
                 [call](const grpc::Status&) {});
  return channel;
}

}  // namespace

void KeepCallbackQueue() {
  // Never released: the queue's threads must not end before the process does. Marked as used, for
  // leak detectors follow the pointer.
  [[gnu::used]] static const std::shared_ptr<grpc::Channel>* const user = MakeUser();
}

}  // namespace confab::rpc
