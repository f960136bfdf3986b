#pragma once

#include <cstdint>
#include <vector>

#include "rtc/rtp/extension_map.h"
#include "sfu/parameters/rtp_parameters.h"

namespace confab::sfu {

// The id that the router proposes and that every consumer's packets carry: 1 to 14, so that
// one-byte headers can hold it (RFC 8285 §4.2). Never changes between versions.
uint8_t RouterIdOf(rtc::RtpExtension extension);

// Adds those of `negotiated` that confab knows. Where two disagree, the first counts.
void AddExtensions(const std::vector<RtpHeaderExtensionParameters>& negotiated,
                   rtc::ExtensionMap& map);
rtc::ExtensionMap MapOf(const std::vector<RtpHeaderExtensionParameters>& negotiated);

}  // namespace confab::sfu
