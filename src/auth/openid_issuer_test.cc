#include "auth/openid_issuer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "auth/testing/openid_provider.h"
#include "auth/testing/times.h"
#include "base/testing/error_of.h"
#include "net/event.h"
#include "net/http_router.h"
#include "net/testing/loopback.h"

namespace confab::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kNow;
using testing::OpenIdProvider;

class OpenIdIssuerTest : public ::testing::Test {
 protected:
  OpenIdIssuerTest() : gate_(io_.get_executor()) {
    gate_.Set();
    OpenIdIssuer::Options options{.jwks_url = "https://id.example.com/jwks",
                                  .rules = OpenIdProvider::Rules()};
    options.on_trouble = [this](const std::string& why) { troubles_.push_back(why); };
    const auto fetch = [this](std::string url) -> asio::awaitable<Result<net::HttpResponse>> {
      ++fetches_;
      EXPECT_EQ(url, "https://id.example.com/jwks");
      const Result<net::HttpResponse> answer = answer_;
      co_await gate_.Wait();
      co_return answer;
    };
    issuer_ = OpenIdIssuer::Make(io_.get_executor(), std::move(options), fetch).value();
  }

  void Answer(const std::string& document) { answer_ = net::JsonResponse(200, document); }
  Result<OpenIdIdentity> Verify(const std::string& token, int64_t now_s) {
    return net::RunOn(io_, issuer_->Verify(token, now_s));
  }
  // A token that is good at that time.
  static std::string TokenAt(const OpenIdProvider& provider, int64_t now_s) {
    json::object payload = OpenIdProvider::Payload();
    payload["exp"] = now_s + 60;
    return provider.Token(payload);
  }

  asio::io_context io_;
  net::Event gate_;
  int fetches_ = 0;
  std::vector<std::string> troubles_;
  Result<net::HttpResponse> answer_ = Fail(ErrorCode::kUnavailable, "no answer");
  std::unique_ptr<OpenIdIssuer> issuer_;
  const OpenIdProvider old_{"k1"};
  const OpenIdProvider new_{"k2"};
};

TEST_F(OpenIdIssuerTest, FetchesOnceAndKeepsTheKeys) {
  Answer(old_.Document());
  EXPECT_TRUE(Verify(TokenAt(old_, kNow), kNow));
  EXPECT_TRUE(Verify(TokenAt(old_, kNow + 3599), kNow + 3599));
  EXPECT_EQ(fetches_, 1);
  EXPECT_TRUE(Verify(TokenAt(old_, kNow + 3600), kNow + 3600));
  EXPECT_EQ(fetches_, 2);
}

TEST_F(OpenIdIssuerTest, FetchesForAnUnknownKeyAtMostEveryThirtySeconds) {
  Answer(old_.Document());
  EXPECT_TRUE(Verify(TokenAt(old_, kNow), kNow));
  Answer(new_.Document());
  EXPECT_FALSE(Verify(TokenAt(new_, kNow), kNow + 29));
  EXPECT_EQ(fetches_, 1);
  EXPECT_TRUE(Verify(TokenAt(new_, kNow + 30), kNow + 30));
  EXPECT_EQ(fetches_, 2);
}

TEST_F(OpenIdIssuerTest, DoesNotFetchForWhatIsNoToken) {
  EXPECT_EQ(ErrorOf(Verify("a.b.c", kNow)).code, ErrorCode::kUnauthorized);
  EXPECT_EQ(fetches_, 0);
}

TEST_F(OpenIdIssuerTest, KeepsTheOldKeysWhenAFetchFails) {
  Answer(old_.Document());
  ASSERT_TRUE(Verify(TokenAt(old_, kNow), kNow));
  int64_t now = kNow + 3600;
  const auto still_verifies = [&](std::string_view trouble) {
    EXPECT_TRUE(Verify(TokenAt(old_, now), now));
    EXPECT_THAT(issuer_->trouble(), HasSubstr(std::string(trouble)));
    now += 30;
  };
  answer_ = Fail(ErrorCode::kUnavailable, "connection refused");
  still_verifies("connection refused");
  answer_ = net::TextResponse(503, "busy");
  still_verifies("answers 503");
  Answer("{}");
  still_verifies("no JWK set");
  Answer(old_.Document());
  still_verifies("");
  EXPECT_EQ(issuer_->trouble(), "");
}

TEST_F(OpenIdIssuerTest, SaysWhyThereAreNoKeysYetAndTriesAgain) {
  const auto identity = Verify(TokenAt(old_, kNow), kNow);
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(identity.error().message, HasSubstr("try again shortly"));
  EXPECT_THAT(issuer_->trouble(), HasSubstr("no answer"));
  Answer(old_.Document());
  EXPECT_FALSE(Verify(TokenAt(old_, kNow), kNow + 29));
  EXPECT_TRUE(Verify(TokenAt(old_, kNow), kNow + 30));
}

TEST_F(OpenIdIssuerTest, LetsThoseWhoComeMeanwhileWaitForTheSameFetch) {
  Answer(old_.Document());
  gate_.Reset();
  int verified = 0;
  for (int i = 0; i < 3; ++i) {
    asio::co_spawn(io_, issuer_->Verify(TokenAt(old_, kNow), kNow),
                   [&](std::exception_ptr, const Result<OpenIdIdentity>& identity) {
                     verified += identity ? 1 : 0;
                   });
  }
  io_.poll();
  EXPECT_EQ(fetches_, 1);
  EXPECT_EQ(verified, 0);
  gate_.Set();
  io_.restart();
  io_.poll();
  EXPECT_EQ(verified, 3);
  EXPECT_EQ(fetches_, 1);
}

TEST_F(OpenIdIssuerTest, KnowsByItsNameAloneWhichTokensAreItsOwn) {
  EXPECT_TRUE(issuer_->IsNamedIn(old_.Token()));
  json::object payload = OpenIdProvider::Payload();
  payload["iss"] = "confab";
  EXPECT_FALSE(issuer_->IsNamedIn(old_.Token(payload)));
  payload.erase("iss");
  EXPECT_FALSE(issuer_->IsNamedIn(old_.Token(payload)));
  EXPECT_FALSE(issuer_->IsNamedIn("a.b.c"));
  EXPECT_EQ(fetches_, 0);
}

TEST_F(OpenIdIssuerTest, MayGoWhileKeysAreFetched) {
  Answer(old_.Document());
  gate_.Reset();
  bool is_verified = false;
  asio::co_spawn(io_, issuer_->Verify(TokenAt(old_, kNow), kNow),
                 [&](std::exception_ptr, const Result<OpenIdIdentity>& identity) {
                   is_verified = identity.has_value();
                 });
  io_.poll();
  issuer_.reset();
  gate_.Set();
  io_.restart();
  io_.poll();
  EXPECT_TRUE(is_verified);
}

TEST_F(OpenIdIssuerTest, TellsTheOperatorWhyKeysAreMissingAndTheBearerNot) {
  answer_ = Fail(ErrorCode::kUnavailable, "10.0.0.9 refuses the connection");
  const auto identity = Verify(TokenAt(old_, kNow), kNow);
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error().message.find("10.0.0.9"), std::string::npos);
  EXPECT_THAT(troubles_, ElementsAre("10.0.0.9 refuses the connection"));
}

TEST(OpenIdIssuer, FetchesOverHttpFromThisMachine) {
  asio::io_context io;
  const OpenIdProvider provider;
  net::HttpRouter router;
  router.Add("GET", "/jwks", [&](net::HttpRequest&) -> asio::awaitable<net::HttpResponse> {
    co_return net::JsonResponse(200, provider.Document());
  });
  net::HttpServer server(io, router, {});
  const auto address = server.Listen({});
  ASSERT_TRUE(address);
  OpenIdIssuer::Options options{
      .jwks_url = "http://127.0.0.1:" + std::to_string(address->port()) + "/jwks",
      .rules = OpenIdProvider::Rules()};
  const auto issuer = OpenIdIssuer::Make(io.get_executor(), std::move(options)).value();
  const auto identity = net::RunOn(io, issuer->Verify(provider.Token(), kNow));
  ASSERT_TRUE(identity) << identity.error().message;
  EXPECT_EQ(identity->name, "Ada");
}

TEST(OpenIdIssuer, RefusesUrlsThatAreNoneOrInTheClear) {
  asio::io_context io;
  const auto make = [&](std::string url, OpenIdRules rules = OpenIdProvider::Rules()) {
    return OpenIdIssuer::Make(io.get_executor(),
                              {.jwks_url = std::move(url), .rules = std::move(rules)})
        .has_value();
  };
  EXPECT_TRUE(make("https://id.example.com/jwks"));
  EXPECT_TRUE(make("http://localhost:8080/jwks"));
  EXPECT_TRUE(make("http://[::1]/jwks"));
  EXPECT_FALSE(make("http://id.example.com/jwks"));
  EXPECT_FALSE(make("http://localhost.example.com/jwks"));
  EXPECT_FALSE(make("id.example.com"));
  EXPECT_FALSE(make(""));
  OpenIdRules rules = OpenIdProvider::Rules();
  rules.issuer.clear();
  EXPECT_FALSE(make("https://id.example.com/jwks", rules));
  rules = OpenIdProvider::Rules();
  rules.audience.clear();
  EXPECT_FALSE(make("https://id.example.com/jwks", rules));
}

TEST(OpenIdIssuer, RefusesRulesWithRolesAndScopesThatDoNotExist) {
  asio::io_context io;
  const auto make = [&](OpenIdRules rules) {
    return OpenIdIssuer::Make(io.get_executor(), {.jwks_url = "https://id.example.com/jwks",
                                                  .rules = std::move(rules)})
        .has_value();
  };
  OpenIdRules rules = OpenIdProvider::Rules();
  rules.groups[0].role = "owner";
  EXPECT_FALSE(make(rules));
  rules = OpenIdProvider::Rules();
  rules.groups[0].scopes = {"two words"};
  EXPECT_FALSE(make(rules));
  rules = OpenIdProvider::Rules();
  rules.others = OpenIdGroup{.role = ""};
  EXPECT_FALSE(make(rules));
}

}  // namespace
}  // namespace confab::auth
