#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/units.h"

namespace confab::client {

struct EncodedFrame {
  std::vector<uint8_t> bytes;
  bool keyframe = false;
};

// Coded pictures to play in a circle: VP8, the first one a keyframe. Immutable once made, so that
// many participants can share one.
struct EncodedClip {
  TimeDelta frame_interval;
  std::vector<EncodedFrame> frames;
};

// A frame is sent at once, and must fit a session's queue with room to spare.
inline constexpr size_t kMaxFrameBytes = size_t{1024} * 1024;
// Longer files than this are refused: a clip is held in memory.
inline constexpr size_t kMaxClipBytes = size_t{256} * 1024 * 1024;

// Reads an IVF file (the container of libvpx's tools: a header of 32 octets, then frames of 12
// octets header and data, all little-endian). The error's sentence says what is wrong with it.
Result<EncodedClip> ParseIvf(BytesView file);
Result<EncodedClip> ReadIvfFile(const std::string& path);

}  // namespace confab::client
