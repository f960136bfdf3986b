#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "rtc/rtp/extension_map.h"
#include "rtc/types.h"

namespace confab::client {

// `rtpCapabilities` of a participant that receives what a Publisher sends: of the router's those
// for VP8 with its RTX, for Opus, and the header extensions that are read.
boost::json::object ReceiveCapabilities(const boost::json::value& router_capabilities);

// One stream to receive.
struct ReceiveParameters {
  std::string consumer_id;
  std::string producer_id;
  rtc::MediaKind kind = rtc::MediaKind::kVideo;
  rtc::Ssrc ssrc;
  rtc::PayloadType payload_type;
  std::optional<rtc::Ssrc> rtx_ssrc;  // of its repetitions (RFC 4588)
  uint32_t clock_rate_hz = 0;
  rtc::ExtensionMap extensions;
};

// Reads a `ConsumerEntry`. Error kInvalidMessage says what is missing.
Result<ReceiveParameters> ParseConsumer(const boost::json::value& entry);

}  // namespace confab::client
