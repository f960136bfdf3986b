#include "services/gateway/origins.h"

#include <gtest/gtest.h>

namespace confab::gateway {
namespace {

using Kind = Origins::Kind;

net::HttpRequest From(std::string origin, std::string site = "") {
  net::HttpRequest request;
  request.headers = {{"Host", "call.example"}};
  if (!origin.empty()) request.headers.Set("Origin", std::move(origin));
  if (!site.empty()) request.headers.Set("Sec-Fetch-Site", std::move(site));
  return request;
}

TEST(Origins, TellsOurPagesFromThoseOfOtherSites) {
  const Origins origins;
  EXPECT_EQ(origins.Look(From("")), Kind::kNone);
  EXPECT_EQ(origins.Look(From("https://call.example")), Kind::kOwn);
  EXPECT_EQ(origins.Look(From("http://call.example")), Kind::kOwn);
  for (const char* foreign :
       {"https://elsewhere.example", "https://call.example:8443", "https://call.example.evil",
        "https://evil-call.example", "null", "call.example", "https://", "file://"}) {
    EXPECT_EQ(origins.Look(From(foreign)), Kind::kForeign) << foreign;
  }
}

TEST(Origins, BelievesTheBrowsersWordOnTheSiteFirst) {
  const Origins origins;
  EXPECT_EQ(origins.Look(From("", "same-origin")), Kind::kNone);
  EXPECT_EQ(origins.Look(From("", "none")), Kind::kNone);
  EXPECT_EQ(origins.Look(From("https://before-a-proxy.example", "same-origin")), Kind::kOwn);
  for (const char* site : {"cross-site", "same-site", "new-word"}) {
    EXPECT_EQ(origins.Look(From("", site)), Kind::kForeign) << site;
    EXPECT_EQ(origins.Look(From("https://call.example", site)), Kind::kForeign) << site;
  }
}

TEST(Origins, KnowsTheListedOnesAndNoneLikeThem) {
  const Origins origins({"https://app.example", "http://localhost:5173"});
  EXPECT_EQ(origins.Look(From("https://app.example", "cross-site")), Kind::kListed);
  EXPECT_EQ(origins.Look(From("http://localhost:5173")), Kind::kListed);
  for (const char* foreign : {"http://app.example", "https://app.example:444", "https://app.exampl",
                              "https://app.example.evil", "null"}) {
    EXPECT_EQ(origins.Look(From(foreign, "cross-site")), Kind::kForeign) << foreign;
  }
  EXPECT_EQ(origins.Look(From("", "cross-site")), Kind::kForeign) << "no origin is none of them";
}

TEST(Origins, MayBeAllOfThem) {
  const Origins origins({std::string(Origins::kAny)});
  EXPECT_EQ(origins.Look(From("https://elsewhere.example", "cross-site")), Kind::kListed);
  EXPECT_EQ(origins.Look(From("null", "cross-site")), Kind::kListed);
}

TEST(Origins, AreWrittenAsBrowsersWriteThem) {
  for (const char* right :
       {"*", "https://app.example", "http://localhost:5173", "https://[::1]:80"}) {
    EXPECT_TRUE(Origins::IsOrigin(right)) << right;
  }
  for (const char* wrong : {"", "app.example", "https://", "https://app.example/", "null",
                            "https://App.example", "https://*.example", "https://a b", "ws://a"}) {
    EXPECT_FALSE(Origins::IsOrigin(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace confab::gateway
