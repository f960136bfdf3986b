#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/testing/temporary_authority.h"
#include "services/gateway/api/api.h"

// The REST interface without sockets: requests into the router, with a fake of the rooms behind.
namespace confab::gateway::testing {

namespace pb = rooms::v1;
using net::HttpRequest, net::HttpResponse;

inline constexpr int64_t kNow = 1'700'000'000;

class FakeRooms final : public RoomsPort {
 public:
  asio::awaitable<Result<pb::ListRoomsResponse>> List(pb::ListRoomsRequest request,
                                                      const CallScope& scope) override {
    listed = request;
    asked_for = scope;
    pb::ListRoomsResponse page;
    page.add_rooms()->set_name("quiet-harbor");
    page.set_has_more(true);
    co_return page;
  }
  asio::awaitable<Result<pb::GetRoomResponse>> Find(std::string room, const CallScope&) override {
    if (room != "quiet-harbor") co_return Fail(ErrorCode::kRoomNotFound, "nobody is there");
    pb::GetRoomResponse found;
    found.mutable_room()->set_name(room);
    found.add_participants()->set_name("Ada");
    co_return found;
  }
  asio::awaitable<Result<pb::CloseRoomResponse>> Close(pb::CloseRoomRequest request,
                                                       const CallScope&) override {
    closed.push_back(request.name());
    actor = request.actor();
    pb::CloseRoomResponse response;
    response.set_removed(2);
    co_return response;
  }
  asio::awaitable<Result<pb::RemoveParticipantResponse>> Remove(
      pb::RemoveParticipantRequest request, const CallScope&) override {
    removed.push_back(request.participant_id());
    co_return pb::RemoveParticipantResponse();
  }
  asio::awaitable<Result<pb::MuteParticipantResponse>> Mute(pb::MuteParticipantRequest request,
                                                            const CallScope&) override {
    muted = request;
    pb::MuteParticipantResponse response;
    response.add_producer_ids("p-mic");
    co_return response;
  }
  asio::awaitable<Result<std::vector<pb::GetStateResponse>>> State(const CallScope&) override {
    if (!answers) co_return Fail(ErrorCode::kUnavailable, "no signaling service is known");
    std::vector<pb::GetStateResponse> states(2);
    states[0].set_rooms(3);
    states[1].set_rooms(4);
    co_return states;
  }

  pb::ListRoomsRequest listed;
  CallScope asked_for;
  std::vector<std::string> closed, removed;
  std::string actor;
  pb::MuteParticipantRequest muted;
  bool answers = true;
};

class FakeMedia final : public MediaPort {
 public:
  asio::awaitable<std::vector<MediaState>> State(const CallScope&) override {
    std::vector<MediaState> states{{.id = "media-1"}, {.id = "media-2"}};
    states[0].answer.emplace().set_transports(5);
    co_return states;
  }
};

class FakeLogs final : public LogsPort {
 public:
  asio::awaitable<Result<std::string>> Explain(ExplainQuestion question) override {
    asked = std::move(question);
    if (!knows) co_return Fail(ErrorCode::kRoomNotFound, "No line of this room is kept.");
    co_return R"({"room":"tea"})";
  }

  ExplainQuestion asked;
  bool knows = true;
};

class ApiTest : public ::testing::Test {
 protected:
  Api::Options Options() {
    return {
        .handlers = {
            .authority = keys_.authority(),
            .rooms = rooms_,
            .media = media_,
            .logs = logs_,
            .version = "1.2.3",
            .turn = {.secret = "north-wind"},
            .turn_servers =
                [] { return std::vector<TurnServer>{*TurnServer::Parse("turn:192.0.2.1:3478")}; },
            .unix_seconds = [] { return kNow; },
            .targets = targets_},
        .now = [this] { return now_; }};
  }

  void SetUp() override { Make(Options()); }
  void Make(Api::Options options) {
    router_ = std::make_unique<net::HttpRouter>();
    api_ = std::make_unique<Api>(std::move(options));
    api_->AddTo(*router_);
  }

  std::string KeyToken(std::vector<std::string> scopes, std::string room = "") {
    return *keys_->SignApi(
        {.subject = "ck_test", .scopes = std::move(scopes), .room = std::move(room)}, kNow);
  }

  HttpRequest Request(std::string method, std::string target, std::string token = "",
                      std::string body = "") {
    HttpRequest request;
    request.method = std::move(method);
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    if (const size_t mark = target.find('?'); mark != std::string::npos) {
      request.query = target.substr(mark + 1);
    }
    request.headers = {{"Host", "confab.example"}};
    if (!token.empty()) request.headers.Set("Authorization", "Bearer " + token);
    if (!body.empty()) request.headers.Set("Content-Type", "application/json");
    request.body = std::move(body);
    request.client = SocketAddress::Ipv4({192, 0, 2, 7}, 5000);
    request.id = "request-1";
    request.trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    return request;
  }

  HttpResponse Ask(HttpRequest request) {
    HttpResponse response;
    asio::io_context io{1};
    const auto ask = [&]() -> asio::awaitable<void> {
      response = co_await router_->Handle(request);
    };
    asio::co_spawn(io, ask, asio::detached);
    io.run();
    return response;
  }

  static json::object Body(const HttpResponse& response) {
    return json::parse(std::string(response.content())).as_object();
  }
  static std::string CodeOf(const HttpResponse& response) {
    return std::string(Body(response).at("error").at("code").as_string());
  }

  auth::TemporaryAuthority keys_{kNow};
  FakeRooms rooms_;
  FakeMedia media_;
  FakeLogs logs_;
  Timestamp now_ = Timestamp::Millis(1'000'000);
  ScrapeTargets targets_{ScrapeTargets::Gateways::kHttp};
  std::unique_ptr<net::HttpRouter> router_;
  std::unique_ptr<Api> api_;
};

}  // namespace confab::gateway::testing
