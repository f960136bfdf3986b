#include "socketio/engine_packet.h"

#include <utility>

#include "base/base64.h"

namespace confab::socketio {
namespace {

constexpr char kSeparator = '\x1e';

std::optional<EnginePacket> DecodeOne(std::string_view text) {
  if (!text.starts_with('b')) return DecodeEngineText(text);
  const auto bytes = FromBase64(text.substr(1));
  if (!bytes) return std::nullopt;
  return EnginePacket{EngineType::kMessage, EngineFrame::Kind::kBinary,
                      std::string(AsText(*bytes))};
}

}  // namespace

EngineFramePtr TextFrame(EngineType type, std::string_view data) {
  EngineFrame frame;
  frame.data.reserve(data.size() + 1);
  frame.data += static_cast<char>(type);
  frame.data += data;
  return std::make_shared<const EngineFrame>(std::move(frame));
}

EngineFramePtr BinaryFrame(BytesView bytes) {
  EngineFrame frame{EngineFrame::Kind::kBinary, std::string(AsText(bytes))};
  return std::make_shared<const EngineFrame>(std::move(frame));
}

std::optional<EnginePacket> DecodeEngineText(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '6') return std::nullopt;
  return EnginePacket{static_cast<EngineType>(text.front()), EngineFrame::Kind::kText,
                      std::string(text.substr(1))};
}

std::string EncodePayload(std::span<const EngineFramePtr> frames) {
  std::string payload;
  for (const EngineFramePtr& frame : frames) {
    if (!payload.empty()) payload += kSeparator;
    if (frame->kind == EngineFrame::Kind::kText) {
      payload += frame->data;
    } else {
      payload += 'b';
      payload += ToBase64(AsBytes(frame->data));
    }
  }
  return payload;
}

std::optional<std::vector<EnginePacket>> DecodePayload(std::string_view payload) {
  std::vector<EnginePacket> packets;
  for (;;) {
    const size_t end = payload.find(kSeparator);
    auto packet = DecodeOne(payload.substr(0, end));
    if (!packet) return std::nullopt;
    packets.push_back(std::move(*packet));
    if (end == payload.npos) return packets;
    payload.remove_prefix(end + 1);
  }
}

}  // namespace confab::socketio
