#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/socket_address.h"

namespace confab::app {

// What a person is told when confab has started.
struct StartReport {
  std::string version;
  std::vector<std::string> urls;  // the best first; at least one
  uint16_t wanted_page_port = 0;
  uint16_t page_port = 0;
  uint16_t wanted_media_port = 0;
  std::vector<uint16_t> media_ports;
  std::vector<SocketAddress> announced;
  std::string logs_link;              // of the log viewer; "" without one
  std::string fingerprint;            // of a self-made certificate; "" without one
  std::vector<std::string> warnings;  // sentences
  std::vector<std::string> failures;  // of the self check, sentences that say what to do

  // Several lines; the last says where confab is reachable, or that it is not and what to do.
  std::string ToText() const;
};

}  // namespace confab::app
