#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "rtc/types.h"
#include "sfu/parameters/rtp_parameters.h"

namespace confab::sfu {

// What decides whether two codecs are the same one: common to a capability and to a negotiated
// codec. Refers to what it was made from, which must outlive it.
struct CodecView {
  std::string_view mime_type;
  uint32_t clock_rate;
  uint8_t channels;  // 1 for audio that does not say, 0 for video
  const CodecSettings& settings;
};
CodecView ViewOf(const RtpCodecCapability& codec);
CodecView ViewOf(const RtpCodecParameters& codec);

// ASCII letters only, as MIME types want it (RFC 2045 §5.1).
bool EqualIgnoringCase(std::string_view a, std::string_view b);

// "audio/…" or "video/…" in any case; nothing for other types.
std::optional<rtc::MediaKind> KindOfMimeType(std::string_view mime_type);
// "audio" or "video".
std::string_view ToString(rtc::MediaKind kind);
// The retransmission format of RFC 4588: "audio/rtx", "video/rtx".
bool IsRtx(std::string_view mime_type);

// The value of a format-specific parameter; nothing where it is not there. Names match exactly.
std::optional<std::string_view> FindSetting(const CodecSettings& settings, std::string_view name);
// A setting that is absent has `otherwise`; one that is no decimal number up to 2^32-1 has nothing.
std::optional<uint32_t> NumberSetting(const CodecSettings& settings, std::string_view name,
                                      uint32_t otherwise);
// The payload type that an RTX codec repairs ("apt", RFC 4588 §8.1); nothing where it is missing or
// not 0 to 127.
std::optional<uint8_t> AssociatedPayloadType(const CodecSettings& settings);

// The codec with this payload type, or null.
const RtpCodecParameters* FindCodec(const std::vector<RtpCodecParameters>& codecs,
                                    uint8_t payload_type);
// The RTX codec that repairs `payload_type`, or null.
const RtpCodecParameters* FindRtx(const std::vector<RtpCodecParameters>& codecs,
                                  uint8_t payload_type);
const RtpCodecCapability* FindRtx(const std::vector<RtpCodecCapability>& codecs,
                                  uint8_t payload_type);

}  // namespace confab::sfu
