#include "net/forwarded.h"

#include <gtest/gtest.h>

namespace confab::net {
namespace {

const std::vector<IpNetwork> kTrusted = {*IpNetwork::Parse("127.0.0.1"),
                                         *IpNetwork::Parse("192.0.2.0/24"),
                                         *IpNetwork::Parse("2001:db8::/32")};

HttpRequest From(const std::string& peer, HttpHeaders headers) {
  HttpRequest request;
  request.peer = *SocketAddress::Parse(peer, 4711);
  request.headers = std::move(headers);
  ResolveForwarded(request, kTrusted);
  return request;
}

TEST(Forwarded, IsThePeerWhereNothingIsSaid) {
  const HttpRequest request = From("192.0.2.1", {});
  EXPECT_EQ(request.client, request.peer);
  EXPECT_FALSE(request.is_https);
}

TEST(Forwarded, BelievesNobodyButTrustedProxies) {
  const HttpRequest request =
      From("203.0.113.1", {{"X-Forwarded-For", "198.51.100.7"}, {"X-Forwarded-Proto", "https"}});
  EXPECT_EQ(request.client, request.peer);
  EXPECT_FALSE(request.is_https);
}

TEST(Forwarded, ReadsFromTheEndToTheFirstThatIsNotTrusted) {
  struct Case {
    std::string list;
    std::string client;
  };
  for (const Case& c : std::vector<Case>{
           {"198.51.100.7", "198.51.100.7"},
           {"10.9.9.9, 198.51.100.7", "198.51.100.7"},
           {"10.9.9.9, 198.51.100.7, 192.0.2.9", "198.51.100.7"},
           {"10.9.9.9,198.51.100.7 ,\t2001:db8::5 , 192.0.2.9", "198.51.100.7"},
           {"192.0.2.8, 192.0.2.9", "192.0.2.8"},
           {"2001:4860::1", "2001:4860::1"},
           {"127.0.0.1, unknown, 192.0.2.9", "192.0.2.9"},
           {"unknown", "127.0.0.1"},
           {"198.51.100.7:80", "127.0.0.1"},
           {",", "127.0.0.1"},
           {"", "127.0.0.1"},
       }) {
    EXPECT_EQ(From("127.0.0.1", {{"X-Forwarded-For", c.list}}).client.IpToString(), c.client)
        << c.list;
  }
}

TEST(Forwarded, TakesTheLastOfSeveralFields) {
  const HttpRequest request = From("127.0.0.1", {{"X-Forwarded-For", "10.9.9.9"},
                                                 {"x-forwarded-for", "198.51.100.7"},
                                                 {"X-Forwarded-Proto", "http"},
                                                 {"X-Forwarded-Proto", "https"}});
  EXPECT_EQ(request.client.IpToString(), "198.51.100.7");
  EXPECT_TRUE(request.is_https);
}

TEST(Forwarded, KnowsTwoSchemes) {
  HttpRequest request;
  request.peer = *SocketAddress::Parse("127.0.0.1", 1);
  request.is_tls = true;
  request.headers = {{"X-Forwarded-Proto", "gopher"}};
  ResolveForwarded(request, kTrusted);
  EXPECT_TRUE(request.is_https);
  request.headers = {{"X-Forwarded-Proto", "http"}};
  ResolveForwarded(request, kTrusted);
  EXPECT_FALSE(request.is_https);
}

TEST(Forwarded, ReadsABoundedNumberOfAddresses) {
  std::string list = "198.51.100.7";
  for (size_t i = 0; i < kMaxForwardedAddresses; ++i) list += ", 192.0.2.9";
  EXPECT_EQ(From("127.0.0.1", {{"X-Forwarded-For", list}}).client.IpToString(), "192.0.2.9");
}

}  // namespace
}  // namespace confab::net
