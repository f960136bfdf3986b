#include "socketio/engine_packet.h"

#include <array>

namespace confab::socketio {
namespace {

constexpr char kSeparator = '\x1e';
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int8_t, 256> MakeValues() {
  std::array<int8_t, 256> values{};
  values.fill(-1);
  for (size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<uint8_t>(kAlphabet[i])] = static_cast<int8_t>(i);
  }
  return values;
}
constexpr auto kValues = MakeValues();

std::optional<EnginePacket> DecodeOne(std::string_view text) {
  if (!text.starts_with('b')) return DecodeEngineText(text);
  auto bytes = DecodeBase64(text.substr(1));
  if (!bytes) return std::nullopt;
  return EnginePacket{EngineType::kMessage, EngineFrame::Kind::kBinary, std::move(*bytes)};
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
      payload += EncodeBase64(frame->data);
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

std::string EncodeBase64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t count = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < count ? static_cast<uint8_t>(bytes[i + j]) : 0u);
    }
    for (size_t j = 0; j < 4; ++j) {
      text += j <= count ? kAlphabet[group >> (18 - 6 * j) & 63] : '=';
    }
  }
  return text;
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int value = kValues[static_cast<uint8_t>(c)];
    if (value < 0) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count & 0xff);
    }
  }
  return bytes;
}

}  // namespace confab::socketio
