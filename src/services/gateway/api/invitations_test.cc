#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/testing/openid_provider.h"
#include "services/gateway/testing/api_fixture.h"

// Who gets a token for a room or for a TURN server, and what it says.

namespace confab::gateway {
namespace {

using gateway::testing::ApiTest, gateway::testing::kNow;
using net::HttpRequest, net::HttpResponse;
using ::testing::HasSubstr;

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

}  // namespace
}  // namespace confab::gateway
