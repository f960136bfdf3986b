#include "services/media/media_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "confab/media/v1/media.grpc.pb.h"
#include "observe/log_writer.h"
#include "rpc/call_scope_metadata.h"
#include "services/media/media_service.h"

namespace confab::media {
namespace {

using ::testing::HasSubstr, ::testing::Not;

const CallScope kAda{.room = "quiet-harbor",
                     .participant = "ada",
                     .session = "s1-7",
                     .trace = "4bf92f3577b34da6a3ce929d0e0e4736"};
constexpr const char* kAdaInALine = R"("room":"quiet-harbor","participant":"ada","session":"s1-7",)"
                                    R"("trace":"4bf92f3577b34da6a3ce929d0e0e4736",)";

class MediaLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    observe::LogWriterOptions writing;
    writing.output = [this](std::string_view lines) {
      const std::lock_guard lock(mutex_);
      out_ += lines;
    };
    writer_ = std::make_unique<observe::LogWriter>(std::move(writing));
    MediaOptions options{.listen = {SocketAddress::Ipv4({127, 0, 0, 1}, 0)},
                         .announce = {},
                         .port = 0,
                         .checks = {rpc::AdmitEveryone(), rpc::AdmitEveryone()}};
    options.control.log = MediaLog(observe::Logger(*writer_, "media", "m1"));
    auto started = MediaService::Start(std::move(options));
    ASSERT_TRUE(started.has_value()) << started.error().message;
    service_ = std::move(*started);
    stub_ = pb::Media::NewStub(service_->InProcessChannel(rpc::FixedToken("test")));
  }

  grpc::Status MakeTransport(const CallScope& scope) {
    grpc::ClientContext context;
    rpc::PutScope(scope, context);
    pb::CreateTransportRequest request;
    request.set_router_id("router");
    request.set_transport_id("t");
    pb::CreateTransportResponse response;
    return stub_->CreateTransport(&context, request, &response);
  }
  void CloseAll(pb::CloseRequest request) {
    grpc::ClientContext context;
    request.set_router_id("router");
    pb::MediaIdsResponse response;
    EXPECT_TRUE(stub_->Close(&context, request, &response).ok());
  }
  std::string Lines() {
    writer_->Flush();
    const std::lock_guard lock(mutex_);
    return out_;
  }

  std::mutex mutex_;
  std::string out_;  // guarded by mutex_
  std::unique_ptr<observe::LogWriter> writer_;
  std::unique_ptr<MediaService> service_;
  std::unique_ptr<pb::Media::Stub> stub_;
};

TEST_F(MediaLogTest, NamesWhomATransportIsForWhenItIsMadeAndWhenItIsClosed) {
  ASSERT_TRUE(MakeTransport(kAda).ok());
  EXPECT_THAT(Lines(), HasSubstr(std::string(R"("event":"transport.created",)") + kAdaInALine +
                                 R"("transport":"t","router":"router","kind":"webrtc"})"));
  pb::CloseRequest close;
  close.add_transport_ids("t");
  CloseAll(close);  // of a call that says nothing of anybody
  EXPECT_THAT(Lines(), HasSubstr(std::string(R"("event":"transport.closed",)") + kAdaInALine +
                                 R"("transport":"t","router":"router","reason":"asked"})"));
}

TEST_F(MediaLogTest, NamesWhoWasOnARouterThatIsClosed) {
  ASSERT_TRUE(MakeTransport(kAda).ok());
  pb::CloseRequest close;
  close.set_router(true);
  CloseAll(close);
  EXPECT_THAT(Lines(), HasSubstr(std::string(R"("event":"transport.closed",)") + kAdaInALine));
}

TEST_F(MediaLogTest, TellsOfACallThatFailed) {
  ASSERT_TRUE(MakeTransport(kAda).ok());
  EXPECT_THAT(Lines(), Not(HasSubstr("media.call_failed")));
  EXPECT_FALSE(MakeTransport(kAda).ok());
  EXPECT_THAT(Lines(), HasSubstr(std::string(R"("event":"media.call_failed",)") + kAdaInALine +
                                 R"("call":"CreateTransport","router":"router",)"
                                 R"("code":"duplicate_id",)"));
}

TEST_F(MediaLogTest, BeginsATraceWhereTheCallHasNone) {
  ASSERT_TRUE(MakeTransport({.room = "quiet-harbor"}).ok());
  EXPECT_THAT(Lines(),
              ::testing::ContainsRegex(
                  R"("event":"transport.created","room":"quiet-harbor","trace":"[0-9a-f]+")"));
}

}  // namespace
}  // namespace confab::media
