#include "services/gateway/api/api.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <fstream>
#include <sstream>

#include "auth/testing/openid_provider.h"
#include "auth/testing/temporary_authority.h"
#include "base/hashed_name.h"

// The REST interface without sockets: requests into the router, with a fake of the rooms behind.
namespace confab::gateway {
namespace {

namespace pb = rooms::v1;
using net::HttpRequest, net::HttpResponse;
using testing::HasSubstr;

constexpr int64_t kNow = 1'700'000'000;

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

class ApiTest : public testing::Test {
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

TEST_F(ApiTest, EveryRouteButTheGuestsRefusesWhoHasNoToken) {
  for (const ApiRoute& route : api_->routes()) {
    if (route.scope == Scope::kGuest) continue;
    std::string path = "/api/v1" + std::string(route.pattern);
    for (const char* name : {"{room}", "{participant}"}) {
      if (const size_t at = path.find(name); at != std::string::npos) {
        path.replace(at, std::string_view(name).size(), "x");
      }
    }
    const HttpResponse response = Ask(Request(std::string(route.method), path));
    EXPECT_EQ(response.status, 401u) << route.operation_id;
    EXPECT_EQ(response.headers.Value("WWW-Authenticate"), "Bearer") << route.operation_id;
  }
}

TEST_F(ApiTest, ATokenOpensWhatItsScopesNameAndNothingElse) {
  const std::string token = KeyToken({"rooms:read"});
  EXPECT_EQ(Ask(Request("GET", "/api/v1/rooms", token)).status, 200u);
  EXPECT_EQ(CodeOf(Ask(Request("DELETE", "/api/v1/rooms/a", token))), "forbidden");
  EXPECT_EQ(CodeOf(Ask(Request("GET", "/api/v1/state", token))), "forbidden");
  EXPECT_TRUE(rooms_.closed.empty());
}

TEST_F(ApiTest, TellsSignalingWhoAskedForWhatTheAuditTrailKeeps) {
  const std::string token = KeyToken({"rooms:write"});
  EXPECT_EQ(Ask(Request("DELETE", "/api/v1/rooms/a", token)).status, 200u);
  EXPECT_TRUE(rooms_.actor.starts_with("api:")) << rooms_.actor;
  EXPECT_GT(rooms_.actor.size(), 4u);
}

TEST_F(ApiTest, ATokenOfOneRoomIsRefusedForAnotherAndForAll) {
  const std::string token = KeyToken({"rooms:read", "rooms:write"}, "quiet-harbor");
  EXPECT_EQ(Ask(Request("GET", "/api/v1/rooms/quiet-harbor", token)).status, 200u);
  EXPECT_EQ(CodeOf(Ask(Request("GET", "/api/v1/rooms/other", token))), "forbidden");
  EXPECT_EQ(CodeOf(Ask(Request("GET", "/api/v1/rooms", token))), "forbidden");
}

TEST_F(ApiTest, AJoinTokenIsNoApiToken) {
  const std::string join = *keys_->SignJoin({.token_id = "t", .room = "a"}, kNow);
  EXPECT_EQ(CodeOf(Ask(Request("GET", "/api/v1/rooms", join))), "unauthorized");
}

TEST_F(ApiTest, InvitesAGuestWhoKnowsTheRoom) {
  const HttpResponse response = Ask(Request("POST", "/api/v1/rooms/quiet-harbor/guest-tokens"));
  ASSERT_EQ(response.status, 201u);
  const json::object body = Body(response);
  const auto claims = keys_->VerifyJoin(std::string(body.at("token").as_string()), kNow);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->room, "quiet-harbor");
  EXPECT_EQ(claims->role, "guest");
  EXPECT_FALSE(claims->grants.moderate);
  EXPECT_EQ(claims->expires_at_s, kNow + 600);
  EXPECT_EQ(body.at("ice_servers").as_array().size(), 1u);
}

TEST_F(ApiTest, InvitesNoGuestForAPageOfAnotherSite) {
  HttpRequest request = Request("POST", "/api/v1/rooms/a/guest-tokens");
  request.headers.Set("Origin", "https://elsewhere.example");
  EXPECT_EQ(CodeOf(Ask(request)), "forbidden");
  request.headers.Set("Origin", "https://confab.example");
  EXPECT_EQ(Ask(request).status, 201u);
  request.headers.Set("Sec-Fetch-Site", "cross-site");
  EXPECT_EQ(CodeOf(Ask(request)), "forbidden");
}

TEST_F(ApiTest, InvitesAGuestForAPageOfAListedSite) {
  Api::Options options = Options();
  options.origins = Origins({"https://app.example"});
  Make(std::move(options));
  HttpRequest request = Request("POST", "/api/v1/rooms/a/guest-tokens");
  request.headers.Set("Sec-Fetch-Site", "cross-site");
  request.headers.Set("Origin", "https://app.example");
  EXPECT_EQ(Ask(request).status, 201u);
  request.headers.Set("Origin", "https://elsewhere.example");
  EXPECT_EQ(CodeOf(Ask(request)), "forbidden");
}

TEST_F(ApiTest, InvitesNoGuestWhereTheyAreSwitchedOff) {
  Api::Options options = Options();
  options.guests = Access::Guests::kRefused;
  Make(std::move(options));
  EXPECT_EQ(CodeOf(Ask(Request("POST", "/api/v1/rooms/a/guest-tokens"))), "forbidden");
}

TEST_F(ApiTest, InvitesWhoSignedInAsTheIssuerSaysAndNotAsTheBodySays) {
  using auth::testing::OpenIdProvider;
  asio::io_context io;
  const OpenIdProvider provider;
  const auto fetch = [&](std::string) -> asio::awaitable<Result<net::HttpResponse>> {
    co_return net::JsonResponse(200, provider.Document());
  };
  const auto issuer =
      auth::OpenIdIssuer::Make(
          io.get_executor(),
          {.jwks_url = "https://id.example.com/jwks", .rules = OpenIdProvider::Rules()}, fetch)
          .value();
  Api::Options options = Options();
  options.openid = issuer.get();
  Make(std::move(options));
  json::object payload = OpenIdProvider::Payload();
  payload["exp"] = kNow + 60;
  payload["iat"] = kNow;
  payload["groups"] = json::array{"watchers"};
  const HttpResponse response =
      Ask(Request("POST", "/api/v1/rooms/a/user-tokens", provider.Token(payload),
                  R"({"identity":"eve","name":"Eve","role":"moderator"})"));
  ASSERT_EQ(response.status, 201u);
  const auto claims = keys_->VerifyJoin(std::string(Body(response).at("token").as_string()), kNow);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->room, "a");
  EXPECT_EQ(claims->identity, "248289761001");
  EXPECT_EQ(claims->name, "Ada");
  EXPECT_EQ(claims->role, "guest");
  EXPECT_FALSE(claims->grants.audio);
  EXPECT_FALSE(claims->grants.moderate);
}

TEST_F(ApiTest, MakesATokenAsItWasAsked) {
  const HttpResponse response =
      Ask(Request("POST", "/api/v1/rooms/a/tokens", KeyToken({"tokens:write"}),
                  R"({"identity":"ada","name":"Ada","role":"moderator","lifetime_s":60})"));
  ASSERT_EQ(response.status, 201u);
  const auto claims = keys_->VerifyJoin(std::string(Body(response).at("token").as_string()), kNow);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->identity, "ada");
  EXPECT_EQ(claims->name, "Ada");
  EXPECT_TRUE(claims->grants.moderate);
  EXPECT_EQ(claims->expires_at_s, kNow + 60);
}

TEST_F(ApiTest, NamesTheFieldThatIsWrong) {
  const std::string token = KeyToken({"tokens:write"});
  const auto message = [&](std::string body) {
    const HttpResponse response =
        Ask(Request("POST", "/api/v1/rooms/a/tokens", token, std::move(body)));
    EXPECT_EQ(response.status, 400u);
    return std::string(Body(response).at("error").at("message").as_string());
  };
  EXPECT_THAT(message(R"({"lifetime_s":1})"), HasSubstr("lifetime_s"));
  EXPECT_THAT(message(R"({"role":"king"})"), HasSubstr("role"));
  EXPECT_THAT(message(R"({"grants":{"chat":1}})"), HasSubstr("grants.chat"));
  EXPECT_THAT(message(R"({"grants":{"vidoe":false}})"), HasSubstr("grants.vidoe is no grant"));
  EXPECT_THAT(message("[]"), HasSubstr("one JSON object"));
  EXPECT_THAT(message("{"), HasSubstr("one JSON object"));
}

TEST_F(ApiTest, TakesNoBodyOfAnotherType) {
  HttpRequest request = Request("POST", "/api/v1/rooms/a/tokens", KeyToken({"tokens:write"}), "{}");
  request.headers.Set("Content-Type", "text/plain");
  EXPECT_EQ(Ask(request).status, 400u);
  request.headers.Set("Content-Type", "application/json; charset=utf-8");
  EXPECT_EQ(Ask(request).status, 201u);
}

TEST_F(ApiTest, RefusesRoomNamesThatAreNone) {
  EXPECT_EQ(Ask(Request("POST", "/api/v1/rooms/a%20b/guest-tokens")).status, 400u);
  EXPECT_EQ(Ask(Request("POST", "/api/v1/rooms/" + std::string(65, 'a') + "/guest-tokens")).status,
            400u);
}

TEST_F(ApiTest, GivesAPageAtATimeAndSaysWhereTheNextBegins) {
  const HttpResponse response =
      Ask(Request("GET", "/api/v1/rooms?limit=1&after=lake", KeyToken({"rooms:read"})));
  EXPECT_EQ(rooms_.listed.page_size(), 1u);
  EXPECT_EQ(rooms_.listed.after_name(), "lake");
  EXPECT_EQ(Body(response).at("next"), "quiet-harbor");
  EXPECT_EQ(Ask(Request("GET", "/api/v1/rooms?limit=0", KeyToken({"rooms:read"}))).status, 400u);
  EXPECT_EQ(Ask(Request("GET", "/api/v1/rooms?limit=1x", KeyToken({"rooms:read"}))).status, 400u);
}

TEST_F(ApiTest, TellsSignalingOfWhichTraceACallIs) {
  Ask(Request("GET", "/api/v1/rooms", KeyToken({"rooms:read"})));
  EXPECT_EQ(rooms_.asked_for, (CallScope{.trace = "4bf92f3577b34da6a3ce929d0e0e4736"}));
}

TEST_F(ApiTest, LogsACallWithItsRoomItsTraceAndTheErrorsId) {
  std::string out;
  {
    observe::LogWriterOptions writing;
    writing.output = [&out](std::string_view lines) { out += lines; };
    observe::LogWriter writer(std::move(writing));
    Api::Options options = Options();
    options.logger = observe::Logger(writer, "gateway", "g1");
    Make(std::move(options));
    Ask(Request("POST", "/api/v1/rooms/quiet-harbor/guest-tokens"));
    Ask(Request("POST", "/api/v1/rooms/no%20name/guest-tokens"));
  }
  const std::string trace = R"("trace":"4bf92f3577b34da6a3ce929d0e0e4736","error_id":"request-1",)";
  EXPECT_NE(out.find(R"("event":"api.call","room":")" + HashedName("quiet-harbor") + "\"," + trace +
                     R"("call":"createGuestToken","status":201})"),
            std::string::npos)
      << out;
  EXPECT_NE(
      out.find(R"("event":"api.call",)" + trace + R"("call":"createGuestToken","status":400})"),
      std::string::npos)
      << out;
}

TEST_F(ApiTest, RemovesAndMutesWithTheModeratorsScope) {
  const std::string token = KeyToken({"participants:moderate"});
  EXPECT_EQ(Ask(Request("DELETE", "/api/v1/rooms/a/participants/p1", token)).status, 204u);
  EXPECT_EQ(rooms_.removed, std::vector<std::string>{"p1"});
  const HttpResponse muted =
      Ask(Request("POST", "/api/v1/rooms/a/participants/p1/mute", token, R"({"source":"camera"})"));
  EXPECT_EQ(muted.status, 200u);
  EXPECT_EQ(rooms_.muted.sources(0), "camera");
}

TEST_F(ApiTest, PassesOnWhatSignalingSays) {
  const HttpResponse response =
      Ask(Request("GET", "/api/v1/rooms/nobody", KeyToken({"rooms:read"})));
  EXPECT_EQ(response.status, 404u);
  EXPECT_EQ(CodeOf(response), "room_not_found");
  EXPECT_EQ(Body(response).at("error").at("id"), "request-1");
  rooms_.answers = false;
  EXPECT_EQ(Ask(Request("GET", "/api/v1/state", KeyToken({"state:read"}))).status, 503u);
}

TEST_F(ApiTest, AddsTheInstancesUp) {
  const HttpResponse response = Ask(Request("GET", "/api/v1/state", KeyToken({"state:read"})));
  EXPECT_EQ(Body(response).at("rooms"), 7u);
}

TEST_F(ApiTest, TellsPrometheusAloneWhereTheMetricsAre) {
  targets_.Set("media", {{.service = discovery::ServiceKind::kMedia,
                          .id = "media-1",
                          .host = "192.0.2.1",
                          .http_port = 6000}});
  const std::string path = "/api/v1/prometheus-targets";
  EXPECT_EQ(Ask(Request("GET", path)).status, 401u);
  EXPECT_EQ(Ask(Request("GET", path, KeyToken({"state:read"}))).status, 403u);
  EXPECT_EQ(Ask(Request("GET", path, KeyToken({"metrics:read"}, "a"))).status, 403u);
  const HttpResponse response = Ask(Request("GET", path, KeyToken({"metrics:read"})));
  EXPECT_EQ(response.status, 200u);
  const json::value groups = json::parse(std::string(response.content()));
  EXPECT_EQ(groups.at(0).at("targets").at(0), "192.0.2.1:6000");
}

TEST_F(ApiTest, AsksTheLogsForAnExplanationWithItsCallersToken) {
  const std::string path = "/api/v1/rooms/tea/explanation";
  const std::string token = KeyToken({"logs"}, "tea");
  EXPECT_EQ(Ask(Request("GET", path, KeyToken({"rooms:read"}))).status, 403u);
  EXPECT_EQ(Ask(Request("GET", path, KeyToken({"logs"}, "coffee"))).status, 403u);
  EXPECT_EQ(logs_.asked.room, "") << "nothing was asked yet";
  const HttpResponse response = Ask(Request("GET", path + "?at=2026-01-31T23:59:59Z", token));
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.content(), R"({"room":"tea"})");
  EXPECT_EQ(logs_.asked.room, "tea");
  EXPECT_EQ(logs_.asked.at, "2026-01-31T23:59:59Z");
  EXPECT_EQ(logs_.asked.token, token);
  EXPECT_EQ(logs_.asked.trace, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(CodeOf(Ask(Request("GET", path + "?at=%2e%2e/x%3f", token))), "invalid_message");
  logs_.knows = false;
  EXPECT_EQ(CodeOf(Ask(Request("GET", path, token))), "room_not_found");
}

TEST_F(ApiTest, TellsOfEveryMediaInstanceAlsoOfOneThatDoesNotAnswer) {
  const HttpResponse response = Ask(Request("GET", "/api/v1/state", KeyToken({"state:read"})));
  const json::array media = Body(response).at("media").as_array();
  ASSERT_EQ(media.size(), 2u);
  EXPECT_EQ(media[0].at("is_up"), true);
  EXPECT_EQ(media[0].at("transports"), 5u);
  EXPECT_EQ(media[1], (json::object{{"id", "media-2"}, {"is_up", false}}));
}

TEST_F(ApiTest, GivesTurnCredentialsToWhoMayEnterAndToWhoIsInside) {
  const std::string join = *keys_->SignJoin({.token_id = "t1", .room = "a"}, kNow);
  const std::string resume = *keys_->SignResume({.room = "a", .participant = "p1"}, kNow);
  for (const auto& [token, participant] : {std::pair(join, "t1"), std::pair(resume, "p1")}) {
    const HttpResponse response = Ask(Request("POST", "/api/v1/turn-credentials", token));
    ASSERT_EQ(response.status, 201u);
    const auto server = Body(response).at("ice_servers").as_array().at(0).as_object();
    EXPECT_EQ(server.at("username").as_string(), std::to_string(kNow + 300) + ":" + participant);
  }
  EXPECT_EQ(Ask(Request("POST", "/api/v1/turn-credentials", KeyToken({"rooms:read"}))).status,
            401u);
}

TEST_F(ApiTest, GivesNoTurnCredentialsToWhoWasRemovedNorBeforeThatIsKnown) {
  const std::string resume = *keys_->SignResume({.room = "a", .participant = "p1"}, kNow);
  const auto ask = [&] { return Ask(Request("POST", "/api/v1/turn-credentials", resume)).status; };
  keys_->ExpectRevocations();
  EXPECT_EQ(ask(), 503u);
  keys_->RevocationsAreKnown();
  EXPECT_EQ(ask(), 201u);
  keys_->Revoke(auth::ResumeSubject("a", "p1"), kNow + 60, kNow);
  EXPECT_EQ(ask(), 401u);
}

TEST_F(ApiTest, DoesTheSameRequestOnceForOneKey) {
  HttpRequest request = Request("POST", "/api/v1/rooms", KeyToken({"rooms:write"}));
  request.headers.Set("Idempotency-Key", "k1");
  const HttpResponse first = Ask(request);
  const HttpResponse second = Ask(request);
  EXPECT_EQ(second.status, 201u);
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(second.headers.Value("Idempotency-Replayed"), "true");
  request.headers.Set("Idempotency-Key", "k2");
  EXPECT_NE(Ask(request).body, first.body);
}

TEST_F(ApiTest, LimitsEachAddressAndSaysWhenToComeBack) {
  Api::Options options = Options();
  options.per_address = {.per_second = 1, .burst = 2};
  Make(std::move(options));
  HttpRequest request = Request("POST", "/api/v1/rooms/a/guest-tokens");
  EXPECT_EQ(Ask(request).status, 201u);
  EXPECT_EQ(Ask(request).status, 201u);
  const HttpResponse refused = Ask(request);
  EXPECT_EQ(refused.status, 429u);
  EXPECT_EQ(CodeOf(refused), "rate_limited");
  EXPECT_GT(Body(refused).at("error").at("retry_after_ms").as_int64(), 0);
  EXPECT_EQ(refused.headers.Value("Retry-After"), "2");
  request.client = SocketAddress::Ipv4({192, 0, 2, 8}, 5000);
  EXPECT_EQ(Ask(request).status, 201u);
}

TEST_F(ApiTest, LimitsEachKeyFromWhereverItComes) {
  Api::Options options = Options();
  options.per_key = {.per_second = 1, .burst = 1};
  Make(std::move(options));
  HttpRequest request = Request("GET", "/api/v1/rooms", KeyToken({"rooms:read"}));
  EXPECT_EQ(Ask(request).status, 200u);
  request.client = SocketAddress::Ipv4({192, 0, 2, 8}, 5000);
  EXPECT_EQ(Ask(request).status, 429u);
}

// docs/security.md is what operators read: each operation stands there with its scope.
TEST_F(ApiTest, IsDocumentedRouteByRoute) {
  std::ifstream file("docs/security.md");
  std::stringstream text;
  text << file.rdbuf();
  size_t rows = 0;
  for (const ApiRoute& route : api_->routes()) {
    const std::string row = fmt::format("| `{}` | `{} /api/v1{}` | `{}` |", route.operation_id,
                                        route.method, route.pattern, ToString(route.scope));
    EXPECT_THAT(text.str(), HasSubstr(row));
  }
  // "METHOD /api/v1…": a row of the table.
  for (std::string line; std::getline(text, line);) {
    rows += line.starts_with("| `") && line.find(" /api/v1") != line.npos;
  }
  EXPECT_EQ(rows, api_->routes().size()) << "a row without a route";
}

TEST_F(ApiTest, PublishesKeysDocumentAndPage) {
  const HttpResponse keys = Ask(Request("GET", "/.well-known/jwks.json"));
  EXPECT_EQ(keys.status, 200u);
  EXPECT_FALSE(Body(keys).at("keys").as_array().empty());
  const HttpResponse document = Ask(Request("GET", "/api/v1/openapi.json"));
  size_t operations = 0;
  const json::object described = Body(document);
  for (const auto& [path, methods] : described.at("paths").as_object()) {
    operations += methods.as_object().size();
  }
  EXPECT_EQ(operations, api_->routes().size());
  const HttpResponse page = Ask(Request("GET", "/api/docs"));
  for (const ApiRoute& route : api_->routes()) {
    EXPECT_THAT(page.body, HasSubstr("id=\"" + std::string(route.operation_id) + "\""));
  }
}

}  // namespace
}  // namespace confab::gateway
