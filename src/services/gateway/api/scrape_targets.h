#pragma once

#include <boost/json/array.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "backends/discovery/discovery.h"

namespace confab::gateway {

// Where Prometheus finds the /metrics of every process that is known, in the form of its HTTP
// service discovery. A value; lives on the service's thread.
class ScrapeTargets {
 public:
  enum class Gateways : uint8_t { kHttp, kHttps };

  // How gateways are asked; signaling and media know plain HTTP alone.
  explicit ScrapeTargets(Gateways gateways) : gateways_(gateways) {}

  // All the instances of a role that there are now; those without an HTTP port have no metrics of
  // their own.
  void Set(std::string_view role, std::vector<discovery::Instance> instances) {
    by_role_[std::string(role)] = std::move(instances);
  }
  // One group a target, by role and id.
  boost::json::array ToJson() const;

 private:
  Gateways gateways_;
  std::map<std::string, std::vector<discovery::Instance>> by_role_;
};

}  // namespace confab::gateway
