#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/units.h"

namespace confab::rtc {

// Typed readers of header extension values. nullopt: the value has the wrong size or content. Text
// views point into the packet.

// RFC 6464 §3.
//  0 1 2 3 4 5 6 7
// +-+-+-+-+-+-+-+-+
// |V|   level     |
// +-+-+-+-+-+-+-+-+
struct AudioLevel {
  bool voice_activity = false;
  uint8_t attenuation_dbov = 127;  // 0 is the loudest, 127 is silence
  bool operator==(const AudioLevel&) const = default;
};
std::optional<AudioLevel> ReadAudioLevel(BytesView value);
std::array<uint8_t, 1> AudioLevelBytes(AudioLevel level);

// MID (RFC 9143 §15): a token of 1..kMaxSdesItemSize octets of visible ASCII.
inline constexpr size_t kMaxSdesItemSize = 16;
std::optional<std::string_view> ReadMid(BytesView value);
// RID and repaired RID (RFC 8852 §3.3): 1..16 alphanumeric octets.
std::optional<std::string_view> ReadRid(BytesView value);

// 24 bits, 6.18 fixed-point seconds; wraps every 64 s.
std::optional<uint32_t> ReadAbsSendTime(BytesView value);
uint32_t AbsSendTimeOf(Timestamp time);
std::array<uint8_t, 3> AbsSendTimeBytes(Timestamp time);

// Transport-wide sequence number; a feedback request after it (version 2) is ignored.
std::optional<uint16_t> ReadTransportSequenceNumber(BytesView value);
std::array<uint8_t, 2> TransportSequenceNumberBytes(uint16_t number);

// 3GPP TS 26.114 §7.4.5.
//  0 1 2 3 4 5 6 7
// +-+-+-+-+-+-+-+-+
// |0 0 0 0 C F R R|
// +-+-+-+-+-+-+-+-+
struct VideoOrientation {
  bool back_camera = false;
  bool flipped = false;
  uint16_t rotation_degrees = 0;  // 0, 90, 180 or 270
  bool operator==(const VideoOrientation&) const = default;
};
std::optional<VideoOrientation> ReadVideoOrientation(BytesView value);

// RFC 5450: signed 24-bit offset in the units of the RTP timestamp.
std::optional<int32_t> ReadTimeOffset(BytesView value);

// When the first octet of the frame was captured, on the capturer's NTP clock.
struct AbsCaptureTime {
  NtpTime capture_time;
  std::optional<int64_t> clock_offset;  // 32.32 fixed-point seconds
  bool operator==(const AbsCaptureTime&) const = default;
};
std::optional<AbsCaptureTime> ReadAbsCaptureTime(BytesView value);

// Two 12-bit numbers in units of 10 ms.
struct PlayoutDelay {
  TimeDelta min;
  TimeDelta max;
  bool operator==(const PlayoutDelay&) const = default;
};
std::optional<PlayoutDelay> ReadPlayoutDelay(BytesView value);
std::array<uint8_t, 3> PlayoutDelayBytes(const PlayoutDelay& delay);

}  // namespace confab::rtc
