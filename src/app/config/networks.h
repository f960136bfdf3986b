#pragma once

#include <string>
#include <vector>

#include "base/ip_network.h"

namespace confab::app {

// Of a configuration that was checked: what is no network is not there.
inline std::vector<IpNetwork> NetworksOf(const std::vector<std::string>& texts) {
  std::vector<IpNetwork> networks;
  for (const std::string& text : texts) {
    if (const auto network = IpNetwork::Parse(text)) networks.push_back(*network);
  }
  return networks;
}

}  // namespace confab::app
