#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace confab::socketio {

// Engine.IO protocol revision 4, "packet encoding": a text packet is one digit and the data.
enum class EngineType : char {
  kOpen = '0',
  kClose = '1',
  kPing = '2',
  kPong = '3',
  kMessage = '4',
  kUpgrade = '5',
  kNoop = '6',
};

// What goes out: a text packet with its digit, or the bytes of a binary message.
struct EngineFrame {
  enum class Kind : uint8_t { kText, kBinary };
  Kind kind = Kind::kText;
  std::string data;
};
// Shared by the queues of all receivers of a broadcast, so that it is encoded once.
using EngineFramePtr = std::shared_ptr<const EngineFrame>;

EngineFramePtr TextFrame(EngineType type, std::string_view data);
EngineFramePtr BinaryFrame(BytesView bytes);

// What came in.
struct EnginePacket {
  EngineType type = EngineType::kMessage;
  EngineFrame::Kind kind = EngineFrame::Kind::kText;
  std::string data;
};

// A WebSocket text message. Nothing where the first character is no packet type.
std::optional<EnginePacket> DecodeEngineText(std::string_view text);

// "Payload encoding" of HTTP long-polling: packets separated by 0x1e, binary ones as 'b' and
// base64.
std::string EncodePayload(std::span<const EngineFramePtr> frames);
// Nothing where any of the packets is malformed.
std::optional<std::vector<EnginePacket>> DecodePayload(std::string_view payload);

}  // namespace confab::socketio
