#include "rtc/rtp/extension_values.h"

#include <algorithm>

namespace confab::rtc {
namespace {

constexpr TimeDelta kPlayoutDelayUnit = TimeDelta::Millis(10);
constexpr int64_t kMaxPlayoutDelayUnits = 0xfff;

// RFC 8852 §3: "alphanumeric"; RFC 8851 §4 also allows "-" and "_".
bool IsRidOctet(uint8_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

bool IsVisibleAscii(uint8_t c) {
  return c > 0x20 && c < 0x7f;
}

template <typename Predicate>
std::optional<std::string_view> ReadText(BytesView value, Predicate allowed) {
  if (value.empty() || value.size() > kMaxSdesItemSize) return std::nullopt;
  if (!std::ranges::all_of(value, allowed)) return std::nullopt;
  return AsText(value);
}

int64_t PlayoutDelayUnits(TimeDelta delay) {
  return std::clamp<int64_t>(delay.us() / kPlayoutDelayUnit.us(), 0, kMaxPlayoutDelayUnits);
}

}  // namespace

std::optional<AudioLevel> ReadAudioLevel(BytesView value) {
  // The two-byte form may carry it in any length ≥ 1 (RFC 6464 §3 shows one octet and padding).
  if (value.empty()) return std::nullopt;
  return AudioLevel{.voice_activity = (value[0] & 0x80) != 0,
                    .attenuation_dbov = static_cast<uint8_t>(value[0] & 0x7f)};
}

std::array<uint8_t, 1> AudioLevelBytes(AudioLevel level) {
  const int voice = level.voice_activity ? 0x80 : 0;
  return {static_cast<uint8_t>(voice | (level.attenuation_dbov & 0x7f))};
}

std::optional<std::string_view> ReadMid(BytesView value) {
  return ReadText(value, IsVisibleAscii);
}

std::optional<std::string_view> ReadRid(BytesView value) {
  return ReadText(value, IsRidOctet);
}

std::optional<uint32_t> ReadAbsSendTime(BytesView value) {
  if (value.size() != 3) return std::nullopt;
  return LoadU24(value.data());
}

uint32_t AbsSendTimeOf(Timestamp time) {
  // 64 s is 2^24 units of 2^-18 s; reduced first, so that the product does not overflow.
  constexpr int64_t kCycleUs = 64'000'000;
  const int64_t within = ((time.us() % kCycleUs) + kCycleUs) % kCycleUs;
  return static_cast<uint32_t>((within << 18) / 1'000'000) & 0xff'ffff;
}

std::array<uint8_t, 3> AbsSendTimeBytes(Timestamp time) {
  std::array<uint8_t, 3> bytes;
  StoreU24(bytes.data(), AbsSendTimeOf(time));
  return bytes;
}

std::optional<uint16_t> ReadTransportSequenceNumber(BytesView value) {
  if (value.size() != 2 && value.size() != 4) return std::nullopt;
  return LoadU16(value.data());
}

std::array<uint8_t, 2> TransportSequenceNumberBytes(uint16_t number) {
  std::array<uint8_t, 2> bytes;
  StoreU16(bytes.data(), number);
  return bytes;
}

std::optional<VideoOrientation> ReadVideoOrientation(BytesView value) {
  if (value.size() != 1) return std::nullopt;
  return VideoOrientation{.back_camera = (value[0] & 0x08) != 0,
                          .flipped = (value[0] & 0x04) != 0,
                          .rotation_degrees = static_cast<uint16_t>((value[0] & 0x03) * 90)};
}

std::optional<int32_t> ReadTimeOffset(BytesView value) {
  if (value.size() != 3) return std::nullopt;
  constexpr uint32_t kSign = 0x80'0000;
  return static_cast<int32_t>(LoadU24(value.data()) ^ kSign) - static_cast<int32_t>(kSign);
}

std::optional<AbsCaptureTime> ReadAbsCaptureTime(BytesView value) {
  if (value.size() != 8 && value.size() != 16) return std::nullopt;
  AbsCaptureTime time{.capture_time = NtpTime(LoadU64(value.data()))};
  if (value.size() == 16) time.clock_offset = static_cast<int64_t>(LoadU64(&value[8]));
  return time;
}

std::optional<PlayoutDelay> ReadPlayoutDelay(BytesView value) {
  if (value.size() != 3) return std::nullopt;
  const uint32_t both = LoadU24(value.data());
  return PlayoutDelay{.min = kPlayoutDelayUnit * (both >> 12),
                      .max = kPlayoutDelayUnit * (both & 0xfff)};
}

std::array<uint8_t, 3> PlayoutDelayBytes(const PlayoutDelay& delay) {
  std::array<uint8_t, 3> bytes;
  StoreU24(bytes.data(), static_cast<uint32_t>(PlayoutDelayUnits(delay.min) << 12 |
                                               PlayoutDelayUnits(delay.max)));
  return bytes;
}

}  // namespace confab::rtc
