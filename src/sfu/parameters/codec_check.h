#pragma once

#include <bitset>
#include <optional>
#include <string_view>
#include <vector>

#include "sfu/parameters/field_check.h"
#include "sfu/parameters/rtp_parameters.h"
#include "sfu/parameters/validate.h"

namespace confab::sfu {

// The parts that capabilities and parameters have in common; each says whether all is well.
// `field` is the codec as the client spells it: "rtpParameters.codecs[0]".

// Those that the codecs of a list have already.
using PayloadTypeSet = std::bitset<kMaxPayloadType + 1>;

bool CheckMimeType(FieldCheck& check, std::string_view field, std::string_view mime_type);
bool CheckClockRate(FieldCheck& check, std::string_view field, uint32_t clock_rate);
bool CheckSettings(FieldCheck& check, std::string_view field, const CodecSettings& settings);
bool CheckFeedback(FieldCheck& check, std::string_view field,
                   const std::vector<RtcpFeedback>& feedback);
bool CheckUri(FieldCheck& check, std::string_view field, std::string_view uri);

// Audio without a number has one channel; video has none, whatever it says.
bool CheckAndFillChannels(FieldCheck& check, std::string_view field, rtc::MediaKind kind,
                          std::optional<uint8_t>& channels);

}  // namespace confab::sfu
