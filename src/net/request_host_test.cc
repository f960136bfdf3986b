#include "net/request_host.h"

#include <gtest/gtest.h>

namespace confab::net {
namespace {

HttpRequest Request(std::string target, HttpHeaders headers = {{"Host", "call.example"}}) {
  HttpRequest request;
  request.method = "GET";
  request.target = request.path = std::move(target);
  request.headers = std::move(headers);
  return request;
}

bool Settles(HttpRequest request, HttpVersion version = HttpVersion::k11) {
  return SettleHost(request, version).has_value();
}

TEST(SettleHost, TakesNamesAndAddressesWithAndWithoutPort) {
  for (const char* host : {"call.example", "Call-1.example:8443", "localhost", "127.0.0.1:4000",
                           "[::1]", "[2001:db8::7]:443", "[::ffff:192.0.2.1]"}) {
    EXPECT_TRUE(Settles(Request("/", {{"Host", host}}))) << host;
  }
}

TEST(SettleHost, RefusesWhatIsNoHost) {
  for (const char* host : {"", "a b", "a/b", "a,b", "user@call.example", "call.example:",
                           "call.example:x", "call.example:123456", ":80", "[::1", "[]", "[::1]x",
                           "call.example#", "call.example\"", "a%41", "<script>", "a:1:2"}) {
    EXPECT_FALSE(Settles(Request("/", {{"Host", host}}))) << host;
  }
  EXPECT_FALSE(Settles(Request("/", {{"Host", std::string(kMaxHostBytes + 1, 'a')}})));
}

TEST(SettleHost, RefusesTwoHostsEvenWhereTheyAreTheSame) {
  EXPECT_FALSE(Settles(Request("/", {{"Host", "a"}, {"host", "a"}})));
  EXPECT_FALSE(Settles(Request("http://a/", {{"Host", "a"}, {"HOST", "b"}})));
}

TEST(SettleHost, WantsAHostButFromTheOldestClients) {
  EXPECT_FALSE(Settles(Request("/", {})));
  EXPECT_TRUE(Settles(Request("/", {}), HttpVersion::k10));
}

TEST(SettleHost, TakesTheHostOfTheTargetWhereThereIsOne) {
  const struct {
    const char* target;
    const char* host;
    const char* path;
    const char* query;
  } cases[] = {
      {"http://call.example/r/a?b=c", "call.example", "/r/a", "b=c"},
      {"HTTPS://call.example:8443", "call.example:8443", "/", ""},
      {"http://call.example?b=/c", "call.example", "/", "b=/c"},
  };
  for (const auto& each : cases) {
    HttpRequest request = Request(each.target, {{"Host", "elsewhere.example"}});
    ASSERT_TRUE(SettleHost(request, HttpVersion::k11)) << each.target;
    EXPECT_EQ(request.headers.Value("Host"), each.host);
    EXPECT_EQ(request.path, each.path);
    EXPECT_EQ(request.query, each.query);
    EXPECT_TRUE(request.target.starts_with('/'));
  }
}

TEST(SettleHost, RefusesTargetsThatLeadElsewhere) {
  for (const char* target : {"call.example:443", "a", "", "*", "http://", "http:///x", "ftp://a/",
                             "http://user@call.example/", "http://a\"b/"}) {
    EXPECT_FALSE(Settles(Request(target))) << target;
  }
  HttpRequest options = Request("*");
  options.method = "OPTIONS";
  EXPECT_TRUE(Settles(std::move(options)));
}

}  // namespace
}  // namespace confab::net
