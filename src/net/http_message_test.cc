#include "net/http_message.h"

#include <gtest/gtest.h>

#include "net/http_text.h"

namespace confab::net {
namespace {

TEST(HttpHeaders, CompareNamesWithoutCase) {
  HttpHeaders headers{{"Content-Type", "a"}, {"X", "1"}, {"x", "2"}};
  EXPECT_EQ(headers.Value("content-type"), "a");
  EXPECT_EQ(headers.Value("missing"), "");
  EXPECT_FALSE(headers.Find("missing"));
  headers.Set("x", "3");
  EXPECT_EQ(headers.size(), 2u);
  EXPECT_EQ(headers.Value("X"), "3");
}

TEST(HttpHeaders, FindTokensInLists) {
  const HttpHeaders headers{{"Connection", "keep-alive, Upgrade"}, {"Connection", "x"}};
  EXPECT_TRUE(headers.HasToken("connection", "upgrade"));
  EXPECT_TRUE(headers.HasToken("connection", "x"));
  EXPECT_FALSE(headers.HasToken("connection", "up"));
}

TEST(HttpRequest, DecodesQueryValues) {
  HttpRequest request;
  request.query = "a=1&b=x%20y&a=2&c&d=%zz";
  EXPECT_EQ(request.QueryValue("a"), "1");
  EXPECT_EQ(request.QueryValue("b"), "x y");
  EXPECT_EQ(request.QueryValue("c"), "");
  EXPECT_FALSE(request.QueryValue("d"));
  EXPECT_FALSE(request.QueryValue("e"));
}

TEST(HttpRequest, WantsAnUpgradeOnlyToWebSocket) {
  HttpRequest request;
  request.headers = {{"Connection", "Upgrade"}, {"Upgrade", "h2c"}};
  EXPECT_FALSE(request.WantsUpgrade());
  request.headers.Set("Upgrade", "WebSocket");
  EXPECT_TRUE(request.WantsUpgrade());
  request.headers.Set("Connection", "keep-alive");
  EXPECT_FALSE(request.WantsUpgrade());
}

TEST(DecodePercent, RefusesBrokenEscapes) {
  EXPECT_EQ(DecodePercent("a%2Fb%00"), std::string("a/b\0", 4));
  for (const char* text : {"%", "%1", "%1g", "a%%20"}) EXPECT_FALSE(DecodePercent(text)) << text;
}

TEST(ErrorResponse, HasTheOneShape) {
  const Error error{ErrorCode::kRoomNotFound, "No \"such\" room."};
  const HttpResponse response = ErrorResponse(error, "id1");
  EXPECT_EQ(response.status, 404u);
  EXPECT_EQ(response.body,
            R"({"error":{"code":"room_not_found","message":"No \"such\" room.","id":"id1"}})");
}

TEST(HttpText, LeavesOutFieldsThatBreakTheHead) {
  const HttpHeaders headers{{"A", "1\r\nEvil: 2"}, {"B\n", "2"}, {"C", "3"}};
  EXPECT_EQ(ResponseHead(200, headers), "HTTP/1.1 200 OK\r\nC: 3\r\n\r\n");
}

TEST(HttpText, RemovesWhatHoldsForOneConnection) {
  HttpHeaders headers{{"Connection", "close, X-Mine"},
                      {"X-Mine", "1"},
                      {"X-Other", "2"},
                      {"Transfer-Encoding", "chunked"},
                      {"Upgrade", "x"}};
  RemoveHopByHop(headers);
  EXPECT_EQ(headers, (HttpHeaders{{"X-Other", "2"}}));
}

}  // namespace
}  // namespace confab::net
