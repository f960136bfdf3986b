#include "socketio/engine_packet.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace confab::socketio {
namespace {

TEST(EnginePayload, RoundTripsTextAndBinary) {
  Prng random(1);
  for (int round = 0; round < 50; ++round) {
    std::vector<EngineFramePtr> frames;
    for (uint64_t i = 0; i <= random.Below(5); ++i) {
      std::vector<uint8_t> bytes(random.Below(50));
      random.Fill(bytes);
      frames.push_back(BinaryFrame(bytes));
      frames.push_back(TextFrame(EngineType::kMessage, "text " + std::to_string(i)));
    }
    const auto packets = DecodePayload(EncodePayload(frames));
    ASSERT_TRUE(packets);
    ASSERT_EQ(packets->size(), frames.size());
    for (size_t i = 0; i < frames.size(); ++i) {
      const EnginePacket& packet = (*packets)[i];
      const bool is_text = packet.kind == EngineFrame::Kind::kText;
      EXPECT_EQ(packet.kind, frames[i]->kind);
      EXPECT_EQ((is_text ? "4" : "") + packet.data, frames[i]->data);
    }
  }
}

TEST(EnginePayload, RefusesMalformedPackets) {
  for (const char* payload : {"", "7", "x", "4a\x1e",
                              "\x1e"
                              "4a",
                              "b",
                              "4a\x1e"
                              "bA",
                              "b*"}) {
    const bool empty_binary = std::string_view(payload) == "b";
    EXPECT_EQ(DecodePayload(payload).has_value(), empty_binary) << payload;
  }
}

}  // namespace
}  // namespace confab::socketio
