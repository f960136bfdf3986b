#include <gtest/gtest.h>

#include <array>

#include "client/media/encoded_clip.h"
#include "client/media/video_source.h"
#include "client/media/vp8_packetizer.h"
#include "rtc/codec/vp8_descriptor.h"

namespace confab::client {
namespace {

constexpr uint8_t kKeyOctet = 0x10;
constexpr uint8_t kDeltaOctet = 0x11;

void AppendLittle(std::vector<uint8_t>& out, uint64_t value, size_t size) {
  for (size_t i = 0; i < size; ++i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

std::vector<uint8_t> Ivf(const std::vector<std::vector<uint8_t>>& frames, uint32_t rate = 25,
                         std::string_view codec = "VP80") {
  std::vector<uint8_t> out{'D', 'K', 'I', 'F', 0, 0, 32, 0};
  out.insert(out.end(), codec.begin(), codec.end());
  AppendLittle(out, 320, 2);
  AppendLittle(out, 240, 2);
  AppendLittle(out, rate, 4);
  AppendLittle(out, 1, 4);
  AppendLittle(out, frames.size(), 8);
  for (size_t i = 0; i < frames.size(); ++i) {
    AppendLittle(out, frames[i].size(), 4);
    AppendLittle(out, i, 8);
    out.insert(out.end(), frames[i].begin(), frames[i].end());
  }
  return out;
}

std::shared_ptr<const EncodedClip> ClipOf(const std::vector<uint8_t>& kinds) {
  std::vector<std::vector<uint8_t>> frames;
  for (size_t i = 0; i < kinds.size(); ++i) frames.push_back({kinds[i], static_cast<uint8_t>(i)});
  return std::make_shared<const EncodedClip>(*ParseIvf(Ivf(frames)));
}

TEST(EncodedClip, ReadsFramesAndTheirKind) {
  const auto clip = ParseIvf(Ivf({{kKeyOctet, 1, 2}, {kDeltaOctet, 3}}));
  ASSERT_TRUE(clip) << clip.error().message;
  EXPECT_EQ(clip->frame_interval, TimeDelta::Millis(40));
  ASSERT_EQ(clip->frames.size(), 2u);
  EXPECT_TRUE(clip->frames[0].keyframe);
  EXPECT_FALSE(clip->frames[1].keyframe);
  EXPECT_EQ(clip->frames[1].bytes, (std::vector<uint8_t>{kDeltaOctet, 3}));
}

TEST(EncodedClip, RefusesEveryTruncation) {
  const std::vector<uint8_t> file = Ivf({{kKeyOctet, 1, 2}, {kDeltaOctet, 3}});
  const size_t first_frame_end = 32 + 12 + 3;
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_EQ(ParseIvf(BytesView(file).first(size)).has_value(), size == first_frame_end) << size;
  }
}

TEST(EncodedClip, RefusesWhatCannotBePlayed) {
  EXPECT_FALSE(ParseIvf(Ivf({{kKeyOctet}}, 25, "AV01")));
  EXPECT_FALSE(ParseIvf(Ivf({{kKeyOctet}}, 0)));
  EXPECT_FALSE(ParseIvf(Ivf({{kDeltaOctet}, {kKeyOctet}})));
  EXPECT_FALSE(ParseIvf(Ivf({})));
  EXPECT_FALSE(ReadIvfFile("/nowhere/clip.ivf"));
}

TEST(VideoSource, GoesRoundAndBeginsWithAKeyframe) {
  VideoSource source(ClipOf({kKeyOctet, kDeltaOctet, kKeyOctet, kDeltaOctet}), 1);
  std::vector<uint8_t> numbers;
  for (int i = 0; i < 5; ++i) numbers.push_back(source.Next(Timestamp::Millis(40 * i)).bytes[1]);
  EXPECT_EQ(numbers, (std::vector<uint8_t>{2, 3, 0, 1, 2}));
  EXPECT_EQ(source.keyframes(), 3u);
}

TEST(VideoSource, JumpsToAKeyframeThatIsAskedForButNotTooOften) {
  VideoSource source(ClipOf({kKeyOctet, kDeltaOctet, kDeltaOctet, kDeltaOctet, kKeyOctet,
                             kDeltaOctet, kDeltaOctet, kDeltaOctet}),
                     0);
  EXPECT_EQ(source.Next(Timestamp::Millis(0)).bytes[1], 0);
  source.RequestKeyframe();
  EXPECT_EQ(source.Next(Timestamp::Millis(299)).bytes[1], 1);
  EXPECT_EQ(source.Next(Timestamp::Millis(300)).bytes[1], 4);
  EXPECT_EQ(source.Next(Timestamp::Millis(700)).bytes[1], 5);
}

TEST(Vp8Packetizer, CutsAFrameIntoNearlyEqualPieces) {
  std::vector<uint8_t> frame(3000);
  for (size_t i = 0; i < frame.size(); ++i) frame[i] = static_cast<uint8_t>(i);
  std::vector<uint8_t> joined;
  std::vector<size_t> sizes;
  std::array<uint8_t, Vp8Packetizer::kMaxPayload> payload;
  for (Vp8Packetizer packetizer(frame, 0xffff); !packetizer.done();) {
    const size_t size = packetizer.Write(payload);
    const auto descriptor = rtc::ParseVp8Descriptor(BytesView(payload).first(size));
    ASSERT_TRUE(descriptor);
    EXPECT_EQ(descriptor->size, Vp8Packetizer::kDescriptorSize);
    EXPECT_EQ(descriptor->picture_id, 0x7fff);
    EXPECT_EQ(descriptor->partition_start, sizes.empty());
    joined.insert(joined.end(), payload.begin() + 4, payload.begin() + static_cast<long>(size));
    sizes.push_back(size - 4);
  }
  EXPECT_EQ(joined, frame);
  EXPECT_EQ(sizes, (std::vector<size_t>{1000, 1000, 1000}));
}

TEST(Vp8Packetizer, AFrameOfOneOctetIsOnePacket) {
  const std::vector<uint8_t> frame{kKeyOctet};
  std::array<uint8_t, Vp8Packetizer::kMaxPayload> payload;
  Vp8Packetizer packetizer(frame, 5);
  EXPECT_EQ(packetizer.Write(payload), 5u);
  EXPECT_TRUE(packetizer.done());
}

}  // namespace
}  // namespace confab::client
