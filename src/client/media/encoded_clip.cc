#include "client/media/encoded_clip.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace confab::client {
namespace {

constexpr size_t kFileHeader = 32;
constexpr size_t kFrameHeader = 12;
constexpr uint32_t kMaxFramesPerSecond = 240;

uint32_t LoadLittle(BytesView bytes, size_t offset, size_t size) {
  uint32_t value = 0;
  for (size_t i = size; i-- > 0;) value = value << 8 | bytes[offset + i];
  return value;
}

// RFC 6386 §9.1: the lowest bit of a frame's first octet is 0 for a keyframe.
bool IsVp8Keyframe(BytesView frame) {
  return (frame[0] & 1) == 0;
}

std::unexpected<Error> Refuse(std::string why) {
  return Fail(ErrorCode::kInvalidConfiguration,
              fmt::format("the clip cannot be used: {}", std::move(why)));
}

Result<TimeDelta> FrameInterval(BytesView file) {
  const uint32_t rate = LoadLittle(file, 16, 4);
  const uint32_t scale = LoadLittle(file, 20, 4);
  if (rate == 0 || scale == 0 || rate / scale == 0 || rate / scale > kMaxFramesPerSecond) {
    return Refuse(fmt::format("its time base is {}/{} s, and must give 1 to {} frames a second",
                              scale, rate, kMaxFramesPerSecond));
  }
  return TimeDelta::Micros(int64_t{1'000'000} * scale / rate);
}

}  // namespace

Result<EncodedClip> ParseIvf(BytesView file) {
  if (file.size() < kFileHeader || AsText(file.first(4)) != "DKIF") return Refuse("it is no IVF");
  if (AsText(file.subspan(8, 4)) != "VP80") return Refuse("its pictures are not VP8");
  const size_t header = LoadLittle(file, 6, 2);
  if (header < kFileHeader || header > file.size()) return Refuse("its header is broken");
  const auto interval = FrameInterval(file);
  if (!interval) return std::unexpected(interval.error());

  EncodedClip clip{.frame_interval = *interval, .frames = {}};
  for (BytesView rest = file.subspan(header); !rest.empty();) {
    if (rest.size() < kFrameHeader) return Refuse("it ends within a frame");
    const size_t size = LoadLittle(rest, 0, 4);
    rest = rest.subspan(kFrameHeader);
    if (size == 0 || size > rest.size()) return Refuse("it ends within a frame");
    if (size > kMaxFrameBytes) return Refuse("it has a frame of more than 1 MB");
    const BytesView frame = rest.first(size);
    clip.frames.push_back({{frame.begin(), frame.end()}, IsVp8Keyframe(frame)});
    rest = rest.subspan(size);
  }
  if (clip.frames.empty()) return Refuse("it has no frames");
  if (!clip.frames.front().keyframe) return Refuse("its first frame is no keyframe");
  return clip;
}

Result<EncodedClip> ReadIvfFile(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return Refuse(fmt::format("{}: {}", path, error.message()));
  if (size > kMaxClipBytes) {
    return Refuse(fmt::format("{} has more than {} MB", path, kMaxClipBytes >> 20));
  }
  std::ifstream stream(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream || bytes.size() != size) return Refuse(fmt::format("{} cannot be read", path));
  return ParseIvf(AsBytes({bytes.data(), bytes.size()}));
}

}  // namespace confab::client
