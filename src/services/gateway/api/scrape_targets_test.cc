#include "services/gateway/api/scrape_targets.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

namespace confab::gateway {
namespace {

using discovery::Instance, discovery::ServiceKind;

Instance At(ServiceKind service, std::string id, std::string host, uint16_t http_port) {
  return {.service = service, .id = std::move(id), .host = std::move(host), .http_port = http_port};
}

std::string Text(const ScrapeTargets& targets) {
  return boost::json::serialize(targets.ToJson());
}

TEST(ScrapeTargets, AreNoneAtFirst) {
  EXPECT_EQ(Text(ScrapeTargets(ScrapeTargets::Gateways::kHttp)), "[]");
}

TEST(ScrapeTargets, TellAddressRoleInstanceAndRegion) {
  ScrapeTargets targets(ScrapeTargets::Gateways::kHttp);
  Instance media = At(ServiceKind::kMedia, "media-1", "192.0.2.1", 6000);
  media.region = "eu";
  targets.Set("media", {media});
  EXPECT_EQ(Text(targets), R"([{"targets":["192.0.2.1:6000"],"labels":{"__scheme__":"http",)"
                           R"("__meta_confab_role":"media","__meta_confab_instance":"media-1",)"
                           R"("__meta_confab_region":"eu"}}])");
}

TEST(ScrapeTargets, LeaveOutWhatHasNoHttpPortAndWhatHasGone) {
  ScrapeTargets targets(ScrapeTargets::Gateways::kHttp);
  targets.Set("media", {At(ServiceKind::kMedia, "mute", "192.0.2.1", 0)});
  EXPECT_EQ(Text(targets), "[]");
  targets.Set("media", {At(ServiceKind::kMedia, "m", "192.0.2.1", 6000)});
  targets.Set("media", {});
  EXPECT_EQ(Text(targets), "[]");
}

TEST(ScrapeTargets, AskGatewaysAloneByHttpsWhereTheySpeakIt) {
  ScrapeTargets targets(ScrapeTargets::Gateways::kHttps);
  targets.Set("gateway", {At(ServiceKind::kGateway, "g", "192.0.2.1", 4000)});
  targets.Set("signaling", {At(ServiceKind::kSignaling, "s", "192.0.2.1", 5000)});
  const auto groups = targets.ToJson();
  EXPECT_EQ(groups.at(0).at("labels").at("__scheme__"), "https");
  EXPECT_EQ(groups.at(1).at("labels").at("__scheme__"), "http");
}

TEST(ScrapeTargets, WriteIpv6InBrackets) {
  ScrapeTargets targets(ScrapeTargets::Gateways::kHttp);
  targets.Set("media", {At(ServiceKind::kMedia, "m", "2001:db8::1", 6000)});
  EXPECT_EQ(targets.ToJson().at(0).at("targets").at(0), "[2001:db8::1]:6000");
}

}  // namespace
}  // namespace confab::gateway
