#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "rtc/session/outgoing_stream.h"
#include "rtc/types.h"

namespace confab::client {

// One stream to publish: how the session sends it, and how `produce` describes it.
struct PublishParameters {
  rtc::OutgoingStreamConfig stream;
  uint32_t clock_rate_hz = 0;
  boost::json::object rtp_parameters;  // mediasoup's RtpParameters
};

// Takes the codec (for example "video/VP8") as the router offers it in its RTP capabilities, with
// the header extensions that this client fills in: transport-wide sequence number, send time, mid.
// Error kUnsupportedParameters where the router does not have it.
Result<PublishParameters> ChooseParameters(const boost::json::value& router_capabilities,
                                           std::string_view mime_type, rtc::Ssrc ssrc,
                                           std::string_view mid, std::string_view cname);

}  // namespace confab::client
