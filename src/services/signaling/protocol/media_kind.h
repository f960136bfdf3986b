#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace confab::signaling {

enum class MediaKind : uint8_t { kAudio, kVideo };

// What a producer shows or lets hear.
enum class Source : uint8_t { kMicrophone, kCamera, kScreen, kScreenAudio };

// In the order of the enumerators: the words of the protocol.
constexpr std::array<std::string_view, 2> kMediaKindNames{"audio", "video"};
constexpr std::array<std::string_view, 4> kSourceNames{"microphone", "camera", "screen",
                                                       "screen-audio"};

constexpr std::string_view ToString(MediaKind kind) {
  return kMediaKindNames[static_cast<size_t>(kind)];
}
constexpr std::string_view ToString(Source source) {
  return kSourceNames[static_cast<size_t>(source)];
}
constexpr MediaKind KindOf(Source source) {
  return source == Source::kMicrophone || source == Source::kScreenAudio ? MediaKind::kAudio
                                                                         : MediaKind::kVideo;
}
// Which of a participant's streams a source belongs to: what is played together stays together.
constexpr bool IsScreen(Source source) {
  return source == Source::kScreen || source == Source::kScreenAudio;
}

}  // namespace confab::signaling
