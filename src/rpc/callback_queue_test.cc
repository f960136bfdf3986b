#include "rpc/callback_queue.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <future>
#include <set>

namespace confab::rpc {
namespace {

// gRPC makes one thread for every two processors, within 2 and 16.
constexpr size_t kMostThreads = 16;

// A channel that makes one call, which fails, and goes: as far as it knows, the last of the
// process. Returns the thread that called back.
pid_t CallThroughShortLivedChannel() {
  grpc::GenericStub stub(grpc::CreateChannel("", nullptr));
  grpc::ClientContext context;
  grpc::Slice nothing;
  grpc::ByteBuffer request(&nothing, 1);
  grpc::ByteBuffer response;
  std::promise<pid_t> thread;
  stub.UnaryCall(&context, "/confab.Nothing/Nothing", {}, &request, &response,
                 [&thread](const grpc::Status&) { thread.set_value(gettid()); });
  return thread.get_future().get();
}

// Each end of the queue ends its threads, and the next channel makes new ones.
TEST(CallbackQueue, OutlivesTheLastChannel) {
  KeepCallbackQueue();
  KeepCallbackQueue();
  std::set<pid_t> threads;
  for (size_t i = 0; i < 3 * kMostThreads; ++i) threads.insert(CallThroughShortLivedChannel());
  EXPECT_LE(threads.size(), kMostThreads);
}

}  // namespace
}  // namespace confab::rpc
