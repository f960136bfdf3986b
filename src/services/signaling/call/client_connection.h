#pragma once

#include <string_view>

#include "services/signaling/protocol/json.h"

namespace confab::signaling {

// One client's connection, as the calls see it. After it has gone, every call does nothing.
class ClientConnection {
 public:
  virtual ~ClientConnection() = default;
  virtual void Emit(std::string_view event, json::object payload) = 0;
  // What was emitted before still goes out.
  virtual void Close() = 0;
};

}  // namespace confab::signaling
