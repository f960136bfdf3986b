#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace confab::rtc {

// The header extensions that confab knows.
enum class RtpExtension : uint8_t {
  kMid,                      // RFC 9143
  kRid,                      // RFC 8852
  kRepairedRid,              // RFC 8852
  kAbsSendTime,              // 24 bits of the sender's clock
  kTransportSequenceNumber,  // draft-holmer-rmcat-transport-wide-cc-extensions-01
  kAudioLevel,               // RFC 6464
  kVideoOrientation,         // 3GPP TS 26.114
  kTimeOffset,               // RFC 5450
  kAbsCaptureTime,
  kPlayoutDelay,
  kDependencyDescriptor,  // AV1 RTP specification, appendix A
};
inline constexpr size_t kRtpExtensionCount = 11;

std::string_view UriOf(RtpExtension extension);
std::optional<RtpExtension> ExtensionFromUri(std::string_view uri);

// Which id stands for which extension on a transport or stream (RFC 8285 §5). A value. Ids are
// 1..kMaxId; lookups both ways are one array access.
class ExtensionMap {
 public:
  static constexpr uint8_t kMaxId = 31;

  // False when the id is 0, above kMaxId, or the id or the extension is taken already.
  [[nodiscard]] bool Add(uint8_t id, RtpExtension extension);
  // 0 when the extension is not negotiated.
  uint8_t IdOf(RtpExtension extension) const { return ids_[static_cast<size_t>(extension)]; }
  bool Has(RtpExtension extension) const { return IdOf(extension) != 0; }
  std::optional<RtpExtension> ExtensionOf(uint8_t id) const;

  bool operator==(const ExtensionMap&) const = default;

 private:
  std::array<uint8_t, kRtpExtensionCount> ids_{};
  std::array<uint8_t, kMaxId + 1> extensions_{};  // value + 1; 0 when the id is free
};

}  // namespace confab::rtc
