#include "services/gateway/metrics_door.h"

#include <gtest/gtest.h>

#include <optional>

#include "auth/testing/temporary_authority.h"

namespace confab::gateway {
namespace {

constexpr int64_t kNowSeconds = 1'700'000'000;

class MetricsDoorTest : public testing::Test {
 protected:
  static net::HttpRequest From(const char* ip) {
    net::HttpRequest request;
    request.peer = *SocketAddress::Parse(ip, 5000);
    return request;
  }
  static net::HttpRequest Showing(const std::string& token) {
    net::HttpRequest request = From("192.0.2.7");
    request.headers.Set("Authorization", "Bearer " + token);
    return request;
  }
  std::string Token(std::vector<std::string> scopes, std::string room = "") {
    return keys_
        ->SignApi({.subject = "prometheus", .scopes = std::move(scopes), .room = std::move(room)},
                  kNowSeconds)
        .value();
  }
  // nullopt: it may read them.
  std::optional<ErrorCode> Refusal(MetricsAccess access, const net::HttpRequest& request) {
    const auto admitted = MetricsDoor(access, &keys_.authority()).Admit(request, kNowSeconds);
    if (admitted) return std::nullopt;
    return admitted.error().code;
  }

  auth::TemporaryAuthority keys_{kNowSeconds};
};

TEST_F(MetricsDoorTest, AdmitsATokenWithItsScopeFromAnywhereUnlessItIsOff) {
  const net::HttpRequest request = Showing(Token({"rooms:read", "metrics:read"}));
  for (const auto access : {MetricsAccess::kToken, MetricsAccess::kLocal, MetricsAccess::kAll}) {
    EXPECT_EQ(Refusal(access, request), std::nullopt);
  }
  EXPECT_EQ(Refusal(MetricsAccess::kOff, request), ErrorCode::kForbidden);
}

TEST_F(MetricsDoorTest, RefusesATokenThatDoesNotVerify) {
  std::string token = Token({"metrics:read"});
  token[token.size() / 2] = token[token.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(Refusal(MetricsAccess::kLocal, Showing(token)), ErrorCode::kUnauthorized);
  const std::string join = keys_->SignJoin({.token_id = "t", .room = "a"}, kNowSeconds).value();
  EXPECT_EQ(Refusal(MetricsAccess::kLocal, Showing(join)), ErrorCode::kUnauthorized);
}

TEST_F(MetricsDoorTest, RefusesATokenWithoutTheScopeAndOneOfASingleRoom) {
  const auto refusal = [this](const std::string& token) {
    return Refusal(MetricsAccess::kLocal, Showing(token));
  };
  EXPECT_EQ(refusal(Token({"rooms:read", "state:read"})), ErrorCode::kForbidden);
  EXPECT_EQ(refusal(Token({"metrics:read"}, "tea")), ErrorCode::kForbidden);
}

TEST_F(MetricsDoorTest, AdmitsThisMachineWithoutAProxyWhereItIsLocal) {
  EXPECT_EQ(Refusal(MetricsAccess::kLocal, From("127.0.0.1")), std::nullopt);
  EXPECT_EQ(Refusal(MetricsAccess::kLocal, From("192.0.2.7")), ErrorCode::kForbidden);
  EXPECT_EQ(Refusal(MetricsAccess::kToken, From("127.0.0.1")), ErrorCode::kForbidden);
  for (const char* header : {"X-Forwarded-For", "Forwarded"}) {
    net::HttpRequest forwarded = From("127.0.0.1");
    forwarded.headers.Set(header, "for=192.0.2.7");
    EXPECT_EQ(Refusal(MetricsAccess::kLocal, forwarded), ErrorCode::kForbidden) << header;
  }
}

TEST_F(MetricsDoorTest, TakesNoTokenWithoutAnAuthority) {
  const MetricsDoor door(MetricsAccess::kToken, nullptr);
  EXPECT_FALSE(door.Admit(Showing(Token({"metrics:read"})), kNowSeconds));
}

TEST_F(MetricsDoorTest, AdmitsNoPageThatReachesThisMachineByANameOfItsOwn) {
  for (const char* host :
       {"localhost", "localhost:4000", "127.0.0.1:4000", "[::1]:4000", "[::1]"}) {
    net::HttpRequest request = From("127.0.0.1");
    request.headers.Set("Host", host);
    EXPECT_EQ(Refusal(MetricsAccess::kLocal, request), std::nullopt) << host;
  }
  for (const char* host : {"rebound.example", "rebound.example:4000", "127.0.0.1.example", ""}) {
    net::HttpRequest request = From("127.0.0.1");
    request.headers.Set("Host", host);
    EXPECT_EQ(Refusal(MetricsAccess::kLocal, request), ErrorCode::kForbidden) << host;
  }
}

}  // namespace
}  // namespace confab::gateway
