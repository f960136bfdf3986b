#pragma once

#include <string>
#include <utility>

#include "backends/discovery/discovery.h"

namespace confab::discovery {

inline Instance SignalingInstance(std::string id) {
  return {.service = ServiceKind::kSignaling,
          .id = std::move(id),
          .host = "192.0.2.1",
          .http_port = 5000,
          .grpc_port = 5001,
          .region = "eu-north"};
}

inline Instance MediaInstance(std::string id) {
  return {.service = ServiceKind::kMedia,
          .id = std::move(id),
          .host = "2001:db8::1",
          .http_port = 0,
          .grpc_port = 50'051,
          .region = ""};
}

}  // namespace confab::discovery
