#pragma once

#include <string_view>
#include <vector>

#include "socketio/engine_packet.h"
#include "socketio/packet.h"

namespace confab::socketio {

// A Socket.IO packet as the Engine.IO frames that carry it: text first, then the attachments.
using Message = std::vector<EngineFramePtr>;

inline Message MakeMessage(std::string_view text, const std::vector<Blob>& attachments = {}) {
  Message message;
  message.reserve(1 + attachments.size());
  message.push_back(TextFrame(EngineType::kMessage, text));
  for (const Blob& blob : attachments) message.push_back(BinaryFrame(blob));
  return message;
}

}  // namespace confab::socketio
