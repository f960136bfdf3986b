#include "rpc/server.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <gtest/gtest.h>

#include <future>

#include "rpc/call_gate.h"
#include "rpc/channel.h"
#include "rpc/status.h"

namespace confab::rpc {
namespace {

using testing::HasSubstr;

// A service of one method that takes any bytes and answers none.
class Bell final : public grpc::Service {
 public:
  static constexpr const char* kMethod = "/confab.test.Bell/Ring";

  explicit Bell(TokenCheck check) : gate_(std::move(check)) {
    using Handler = grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>;
    AddMethod(new grpc::internal::RpcServiceMethod(kMethod, grpc::internal::RpcMethod::NORMAL_RPC,
                                                   nullptr));
    MarkMethodRawCallback(
        0, new Handler([this](grpc::CallbackServerContext* context, const grpc::ByteBuffer*,
                              grpc::ByteBuffer* response) {
          const grpc::Slice nothing;
          *response = grpc::ByteBuffer(&nothing, 1);
          auto* reactor = context->DefaultReactor();
          reactor->Finish(gate_.Admit(*context));
          return reactor;
        }));
  }

 private:
  CallGate gate_;
};

grpc::Status Call(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                  grpc::ByteBuffer* response = nullptr) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  grpc::Slice nothing;
  grpc::ByteBuffer request(&nothing, 1);
  grpc::ByteBuffer ignored;
  std::promise<grpc::Status> status;
  stub.UnaryCall(&context, method, {}, &request, response ? response : &ignored,
                 [&status](grpc::Status result) { status.set_value(std::move(result)); });
  return status.get_future().get();
}

Result<void> TakesOnlyGood(std::string_view token) {
  if (token == "good") return {};
  if (token == "poor") return Fail(ErrorCode::kForbidden, "not you");
  return Fail(ErrorCode::kUnauthorized, "what is this");
}

class RpcServerTest : public testing::Test {
 protected:
  Result<std::unique_ptr<Server>> Start(ServerOptions options) {
    options.offers = {{.name = "confab.test.Bell", .service = &bell_}};
    return Server::Start(std::move(options));
  }
  static std::shared_ptr<grpc::Channel> To(const Server& server, const std::string& token) {
    return *Connect("127.0.0.1", server.port(), Credentials::Plain(), FixedToken(token));
  }

  Bell bell_{TakesOnlyGood};
};

TEST_F(RpcServerTest, IsKnownToHaveEndedByARefusedConnectionAlone) {
  auto server = Start({.address = "127.0.0.1"});
  ASSERT_TRUE(server) << server.error().message;
  const auto channel = To(**server, "good");
  ASSERT_TRUE(Call(channel, Bell::kMethod).ok());
  EXPECT_FALSE(IsConnectionRefused({grpc::StatusCode::UNAVAILABLE, "away"}));
  EXPECT_FALSE(IsConnectionRefused({grpc::StatusCode::INTERNAL, "Connection refused"}));
  EXPECT_FALSE(IsConnectionRefused(Call(To(**server, "poor"), Bell::kMethod)));
  server->reset();
  // The first may meet the end of the connection that there was.
  grpc::Status status;
  do status = Call(channel, Bell::kMethod);
  while (!IsConnectionRefused(status) && status.error_code() == grpc::StatusCode::UNAVAILABLE &&
         status.error_message().find("Socket closed") != std::string::npos);
  EXPECT_TRUE(IsConnectionRefused(status)) << status.error_message();
}

TEST_F(RpcServerTest, LetsAGoodTokenThroughOverTheNetworkAndInProcess) {
  const auto server = Start({.address = "127.0.0.1"});
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_TRUE(Call(To(**server, "good"), Bell::kMethod).ok());
  EXPECT_TRUE(Call((*server)->InProcessChannel(FixedToken("good")), Bell::kMethod).ok());
}

TEST_F(RpcServerTest, CountsCallsOfBothSidesByTheirStatus) {
  auto served = std::make_shared<CallMeter>();
  auto made = std::make_shared<CallMeter>();
  const auto server = Start({.address = "127.0.0.1", .served = served, .made = made});
  ASSERT_TRUE(server) << server.error().message;
  const auto remote =
      *Connect("127.0.0.1", (*server)->port(), Credentials::Plain(), FixedToken("poor"), made);
  EXPECT_FALSE(Call(remote, Bell::kMethod).ok());
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(Call((*server)->InProcessChannel(FixedToken("good")), Bell::kMethod).ok());
  }
  for (const auto& meter : {served, made}) {
    const auto calls = meter->calls();
    ASSERT_EQ(calls.size(), 1u) << "whoever calls makes no names";
    const CallMeter::Calls& bells = calls.at("other");
    EXPECT_EQ(bells.by_code[static_cast<size_t>(grpc::StatusCode::OK)], 2u);
    EXPECT_EQ(bells.by_code[static_cast<size_t>(grpc::StatusCode::PERMISSION_DENIED)], 1u);
  }
}

TEST_F(RpcServerTest, CountsUnknownMethodsAndAbsentServers) {
  auto served = std::make_shared<CallMeter>();
  auto made = std::make_shared<CallMeter>();
  auto server = Start({.address = "127.0.0.1", .served = served});
  const auto channel =
      *Connect("127.0.0.1", (*server)->port(), Credentials::Plain(), FixedToken("good"), made);
  EXPECT_EQ(Call(channel, "/confab.test.Bell/Silence").error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  server->reset();
  EXPECT_EQ(Call(channel, Bell::kMethod).error_code(), grpc::StatusCode::UNAVAILABLE);
  const auto codes = made->calls().at("other").by_code;
  EXPECT_EQ(codes[static_cast<size_t>(grpc::StatusCode::UNIMPLEMENTED)], 1u);
  EXPECT_EQ(codes[static_cast<size_t>(grpc::StatusCode::UNAVAILABLE)], 1u);
}

TEST_F(RpcServerTest, RefusesMissingBadAndWrongTokensWithASentence) {
  const auto server = Start({.address = "127.0.0.1"});
  const grpc::Status missing = Call(To(**server, ""), Bell::kMethod);
  EXPECT_EQ(missing.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(missing.error_message(), HasSubstr("unauthorized: this call needs a service token"));
  const grpc::Status bad = Call(To(**server, "bad"), Bell::kMethod);
  EXPECT_EQ(bad.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(bad.error_message(), "unauthorized: what is this");
  const grpc::Status wrong = Call(To(**server, "poor"), Bell::kMethod);
  EXPECT_EQ(wrong.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Call((*server)->InProcessChannel(FixedToken("")), Bell::kMethod).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(RpcServerTest, RefusesEveryoneWithoutACheck) {
  Bell strict{nullptr};
  const auto server = Server::Start({.offers = {{.name = "b", .service = &strict}}});
  EXPECT_EQ(Call((*server)->InProcessChannel(FixedToken("good")), Bell::kMethod).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

// The answer of grpc.health.v1.Health/Check is one enum field: 08 01 is SERVING, 08 02 NOT_SERVING.
std::string HealthOf(Server& server) {
  grpc::ByteBuffer response;
  const grpc::Status status =
      Call(server.InProcessChannel(FixedToken("")), "/grpc.health.v1.Health/Check", &response);
  if (!status.ok()) return status.error_message();
  std::vector<grpc::Slice> slices;
  if (!response.Dump(&slices).ok() || slices.empty()) return "";
  return {reinterpret_cast<const char*>(slices[0].begin()), slices[0].size()};
}

TEST_F(RpcServerTest, TellsItsHealthWithoutAToken) {
  const auto server = Start({});
  ASSERT_TRUE(server);
  EXPECT_EQ(HealthOf(**server), "\x08\x01");
  (*server)->SetServing(Server::Serving::kNo);
  EXPECT_EQ(HealthOf(**server), "\x08\x02");
}

TEST_F(RpcServerTest, StartsWithoutAnyServiceAndKnowsNoMethod) {
  const auto server = Server::Start({.address = "127.0.0.1"});
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(HealthOf(**server), "\x08\x01");
  EXPECT_EQ(Call(To(**server, "good"), Bell::kMethod).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(RpcServerTest, SaysThatAPortIsTaken) {
  const auto first = Start({.address = "127.0.0.1"});
  Bell other{TakesOnlyGood};
  const auto second = Server::Start({.address = "127.0.0.1",
                                     .port = (*first)->port(),
                                     .offers = {{.name = "b", .service = &other}}});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
}

TEST_F(RpcServerTest, ListensInPlainTextOnLoopbackAloneUnlessItIsTold) {
  const auto refused = Start({.address = "0.0.0.0"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidConfiguration);
  EXPECT_THAT(refused.error().message, HasSubstr("rpc.insecure = true"));
  Security open;
  open.plain_text = Security::PlainText::kEverywhere;
  EXPECT_TRUE(Start({.address = "0.0.0.0", .credentials = *Credentials::Load(open)}));
}

TEST(RpcChannel, LeavesTheMachineInPlainTextOnlyIfItIsTold) {
  EXPECT_FALSE(Connect("192.0.2.1", 1, Credentials::Plain(), FixedToken("t")));
  EXPECT_FALSE(Connect("media.example", 1, Credentials::Plain(), FixedToken("t")));
  EXPECT_TRUE(Connect("localhost", 1, Credentials::Plain(), FixedToken("t")));
  Security open;
  open.plain_text = Security::PlainText::kEverywhere;
  EXPECT_TRUE(Connect("media.example", 1, *Credentials::Load(open), FixedToken("t")));
}

TEST(RpcChannel, RefusesWhatIsNoHost) {
  Security open;
  open.plain_text = Security::PlainText::kEverywhere;
  for (const char* host : {"", "unix:/tmp/socket", "a/b", "a b", "[::1]", "x%41"}) {
    EXPECT_FALSE(Connect(host, 1, *Credentials::Load(open), FixedToken("t"))) << host;
  }
}

TEST(RpcSecurity, NamesTheFileThatIsMissing) {
  Security security;
  security.certificate = "/nowhere/c.pem";
  security.key = "/nowhere/k.pem";
  security.ca = "/nowhere/ca.pem";
  const auto loaded = Credentials::Load(security);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("rpc.certificate: \"/nowhere/c.pem\""));
}

}  // namespace
}  // namespace confab::rpc
