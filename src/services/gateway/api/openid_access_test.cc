#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "auth/testing/openid_provider.h"
#include "auth/testing/temporary_authority.h"
#include "services/gateway/api/access.h"

// People who signed in at an OpenID Connect issuer, at the door of the REST interface.
namespace confab::gateway {
namespace {

using auth::testing::OpenIdProvider;

constexpr int64_t kIssuedAt = OpenIdProvider::kNow;

class OpenIdAccessTest : public ::testing::Test {
 protected:
  OpenIdAccessTest() {
    const auto fetch = [this](std::string) -> asio::awaitable<Result<net::HttpResponse>> {
      if (is_away_) co_return Fail(ErrorCode::kUnavailable, "no answer");
      co_return net::JsonResponse(200, provider_.Document());
    };
    openid_ =
        auth::OpenIdIssuer::Make(
            io_.get_executor(),
            {.jwks_url = "https://id.example.com/jwks", .rules = OpenIdProvider::Rules()}, fetch)
            .value();
    access_.emplace(Access::Issuers{keys_.authority(), openid_.get()}, Access::Guests::kWelcome,
                    Origins());
  }

  // A token of the issuer for a person in this group.
  std::string TokenOf(std::string_view group, std::string_view subject = "248289761001") const {
    json::object payload = OpenIdProvider::Payload();
    payload["groups"] = json::array{group};
    payload["sub"] = subject;
    return provider_.Token(payload);
  }
  Result<Principal> Admit(const std::string& token, Scope scope) {
    net::HttpRequest request;
    request.headers.Set("Authorization", "Bearer " + token);
    Result<Principal> admitted = Fail(ErrorCode::kInternal, "no answer");
    const auto ask = [&]() -> asio::awaitable<void> {
      admitted = co_await access_->Admit(request, scope, kIssuedAt);
    };
    asio::co_spawn(io_, ask, asio::detached);
    io_.restart();
    io_.run();
    return admitted;
  }
  // nullopt: it is let in.
  std::optional<ErrorCode> Refusal(const std::string& token, Scope scope) {
    const auto admitted = Admit(token, scope);
    if (admitted) return std::nullopt;
    return admitted.error().code;
  }

  asio::io_context io_;
  const OpenIdProvider provider_;
  bool is_away_ = false;
  auth::TemporaryAuthority keys_{kIssuedAt};
  std::unique_ptr<auth::OpenIdIssuer> openid_;
  std::optional<Access> access_;
};

TEST_F(OpenIdAccessTest, KnowsWhoSignedInAndWhatTheirGroupMayDo) {
  const auto admitted = Admit(TokenOf("hosts"), Scope::kSignedIn);
  ASSERT_TRUE(admitted) << admitted.error().message;
  ASSERT_TRUE(admitted->person);
  EXPECT_EQ(admitted->person->identity, "248289761001");
  EXPECT_EQ(admitted->person->name, "Ada");
  EXPECT_EQ(admitted->person->role, "moderator");
  EXPECT_TRUE(admitted->person->grants.moderate);
}

TEST_F(OpenIdAccessTest, OpensTheRestInterfaceAsFarAsTheRoleGoes) {
  EXPECT_EQ(Refusal(TokenOf("staff"), Scope::kRoomsRead), std::nullopt);
  EXPECT_EQ(Refusal(TokenOf("staff"), Scope::kRoomsWrite), ErrorCode::kForbidden);
  EXPECT_EQ(Refusal(TokenOf("hosts"), Scope::kRoomsWrite), std::nullopt);
  EXPECT_EQ(Refusal(TokenOf("watchers"), Scope::kRoomsRead), ErrorCode::kForbidden);
  EXPECT_EQ(Refusal(TokenOf("cooks"), Scope::kRoomsRead), ErrorCode::kForbidden);
}

TEST_F(OpenIdAccessTest, LetsNoOtherTokenStandForAPerson) {
  const std::string api =
      keys_->SignApi({.subject = "ck_test", .scopes = {"tokens:write", "signed-in"}}, kIssuedAt)
          .value();
  const std::string join = keys_->SignJoin({.token_id = "t", .room = "a"}, kIssuedAt).value();
  EXPECT_EQ(Refusal(api, Scope::kSignedIn), ErrorCode::kUnauthorized);
  EXPECT_EQ(Refusal(join, Scope::kSignedIn), ErrorCode::kUnauthorized);
}

TEST_F(OpenIdAccessTest, LetsNobodyIntoACallByTheIssuersTokenAlone) {
  EXPECT_EQ(Refusal(TokenOf("hosts"), Scope::kJoined), ErrorCode::kUnauthorized);
}

TEST_F(OpenIdAccessTest, CountsAPersonApartFromAnApiKeyOfTheSameName) {
  const std::string api =
      keys_->SignApi({.subject = "ck_test", .scopes = {"rooms:read"}}, kIssuedAt).value();
  const auto person = Admit(TokenOf("staff", "ck_test"), Scope::kRoomsRead);
  const auto key = Admit(api, Scope::kRoomsRead);
  ASSERT_TRUE(person && key);
  EXPECT_NE(person->id, key->id);
}

TEST_F(OpenIdAccessTest, RefusesWhatAnotherKeySigned) {
  const OpenIdProvider other;  // the same issuer, audience and key id
  EXPECT_EQ(Refusal(other.Token(), Scope::kSignedIn), ErrorCode::kUnauthorized);
  EXPECT_EQ(Refusal(other.Token(), Scope::kRoomsRead), ErrorCode::kUnauthorized);
}

TEST_F(OpenIdAccessTest, SaysWhenTheIssuersKeysCannotBeHad) {
  is_away_ = true;
  EXPECT_EQ(Refusal(TokenOf("staff"), Scope::kSignedIn), ErrorCode::kUnavailable);
  const std::string api =
      keys_->SignApi({.subject = "ck_test", .scopes = {"rooms:read"}}, kIssuedAt).value();
  EXPECT_EQ(Refusal(api, Scope::kRoomsRead), std::nullopt) << "our own keys are here";
}

TEST_F(OpenIdAccessTest, GoesOnWithTheKeysItHasWhenTheIssuerIsAway) {
  EXPECT_EQ(Refusal(TokenOf("staff"), Scope::kSignedIn), std::nullopt);
  is_away_ = true;
  EXPECT_EQ(Refusal(TokenOf("staff"), Scope::kSignedIn), std::nullopt);
}

TEST_F(OpenIdAccessTest, TakesNobodyWhereNoIssuerIsConfigured) {
  access_.emplace(Access::Issuers{keys_.authority()}, Access::Guests::kWelcome, Origins());
  EXPECT_EQ(Refusal(TokenOf("hosts"), Scope::kSignedIn), ErrorCode::kForbidden);
  EXPECT_EQ(Refusal(TokenOf("hosts"), Scope::kRoomsRead), ErrorCode::kUnauthorized);
}

}  // namespace
}  // namespace confab::gateway
