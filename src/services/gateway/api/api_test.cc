#include "services/gateway/api/api.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <sstream>

#include "base/hashed_name.h"
#include "services/gateway/testing/api_fixture.h"

namespace confab::gateway {
namespace {

using gateway::testing::ApiTest, gateway::testing::kNow;
using net::HttpRequest, net::HttpResponse;
using ::testing::HasSubstr;

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

TEST_F(ApiTest, AsksTheLogsForAnExplanation) {
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
  EXPECT_EQ(logs_.asked.trace, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(CodeOf(Ask(Request("GET", path + "?at=%2e%2e/x%3f", token))), "invalid_message");
  logs_.knows = false;
  EXPECT_EQ(CodeOf(Ask(Request("GET", path, token))), "room_not_found");
}

// It goes unencrypted to whatever discovery names.
TEST_F(ApiTest, GivesTheLogsATokenThatOpensNothingButTheAnswer) {
  const std::string token = KeyToken({"logs", "rooms:write", "tokens:write"});
  ASSERT_EQ(Ask(Request("GET", "/api/v1/rooms/tea/explanation", token)).status, 200u);
  EXPECT_NE(logs_.asked.token, token);
  const auto claims = keys_->VerifyApi(logs_.asked.token, kNow);
  ASSERT_TRUE(claims) << claims.error().message;
  EXPECT_EQ(claims->scopes, std::vector<std::string>{"logs"});
  EXPECT_EQ(claims->room, "tea");
  EXPECT_LE(claims->expires_at_s, kNow + 30);
}

TEST_F(ApiTest, TellsOfEveryMediaInstanceAlsoOfOneThatDoesNotAnswer) {
  const HttpResponse response = Ask(Request("GET", "/api/v1/state", KeyToken({"state:read"})));
  const json::array media = Body(response).at("media").as_array();
  ASSERT_EQ(media.size(), 2u);
  EXPECT_EQ(media[0].at("is_up"), true);
  EXPECT_EQ(media[0].at("transports"), 5u);
  EXPECT_EQ(media[1], (json::object{{"id", "media-2"}, {"is_up", false}}));
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

TEST_F(ApiTest, CountsAnAddressOfIpv6WithItsNeighbours) {
  Api::Options options = Options();
  options.per_address = {.per_second = 1, .burst = 1};
  Make(std::move(options));
  HttpRequest request = Request("POST", "/api/v1/rooms/a/guest-tokens");
  request.client = *SocketAddress::Parse("2001:db8::1", 5000);
  EXPECT_EQ(Ask(request).status, 201u);
  request.client = *SocketAddress::Parse("2001:db8::2", 5000);
  EXPECT_EQ(Ask(request).status, 429u);
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
