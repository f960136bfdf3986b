#include "services/gateway/api/scrape_targets.h"

#include <fmt/format.h>

#include <boost/json/object.hpp>

namespace confab::gateway {
namespace {

namespace json = boost::json;

std::string AddressOf(const discovery::Instance& instance) {
  const bool is_ipv6 = instance.host.find(':') != std::string::npos;
  return is_ipv6 ? fmt::format("[{}]:{}", instance.host, instance.http_port)
                 : fmt::format("{}:{}", instance.host, instance.http_port);
}

}  // namespace

json::array ScrapeTargets::ToJson() const {
  json::array groups;
  for (const auto& [role, instances] : by_role_) {
    for (const discovery::Instance& instance : instances) {
      if (instance.http_port == 0) continue;
      const bool is_secure =
          instance.service == discovery::ServiceKind::kGateway && gateways_ == Gateways::kHttps;
      json::array addresses;
      addresses.push_back(json::value(AddressOf(instance)));
      json::object labels{{"__scheme__", is_secure ? "https" : "http"},
                          {"__meta_confab_role", role},
                          {"__meta_confab_instance", instance.id},
                          {"__meta_confab_region", instance.region}};
      groups.push_back(
          json::object{{"targets", std::move(addresses)}, {"labels", std::move(labels)}});
    }
  }
  return groups;
}

}  // namespace confab::gateway
