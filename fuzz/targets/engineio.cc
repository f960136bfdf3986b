// Engine.IO packets: single ones, polling payloads, base64.

#include <vector>

#include "base/base64.h"
#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "socketio/engine_packet.h"

namespace confab::socketio {
namespace {

EngineFramePtr FrameOf(const EnginePacket& packet) {
  return packet.kind == EngineFrame::Kind::kText ? TextFrame(packet.type, packet.data)
                                                 : BinaryFrame(AsBytes(packet.data));
}

bool Same(const EnginePacket& a, const EnginePacket& b) {
  return a.type == b.type && a.kind == b.kind && a.data == b.data;
}

void Payload(std::string_view text) {
  const auto packets = DecodePayload(text);
  if (!packets) return;
  std::vector<EngineFramePtr> frames;
  for (const EnginePacket& packet : *packets) frames.push_back(FrameOf(packet));
  const auto again = DecodePayload(EncodePayload(frames));
  CHECK(again && std::ranges::equal(*packets, *again, Same));
}

void Base64(std::string_view text) {
  const auto bytes = FromBase64(ToBase64(AsBytes(text)));
  CHECK(bytes && AsText(*bytes) == text);
  const auto decoded = FromBase64(text);
  if (decoded) CHECK(ToBase64(*decoded) == text);
}

}  // namespace

CONFAB_FUZZ_TARGET(engineio) {
  const std::string_view text = AsText(input);
  if (const auto packet = DecodeEngineText(text)) CHECK(FrameOf(*packet)->data == text);
  Payload(text);
  Base64(text);
}

}  // namespace confab::socketio
