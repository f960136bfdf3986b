#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "rtc/session/outgoing_stream.h"
#include "rtc/types.h"

namespace confab::client {

// How a stream to publish is to be called.
struct StreamNames {
  rtc::Ssrc ssrc;
  rtc::Ssrc rtx_ssrc;  // of its repetitions (RFC 4588), where the router takes them
  std::string_view mid;
  std::string_view cname;
};

// One stream to publish: how the session sends it, and how `produce` describes it.
struct PublishParameters {
  rtc::OutgoingStreamConfig stream;
  std::optional<rtc::OutgoingStreamConfig> rtx;
  uint32_t clock_rate_hz = 0;
  boost::json::object rtp_parameters;  // mediasoup's RtpParameters
};

// Takes the codec (for example "video/VP8") as the router offers it in its RTP capabilities, with
// the header extensions that this client fills in (transport-wide sequence number, send time,
// capture time, mid), and its RTX where there is one.
// Error kUnsupportedParameters where the router does not have it.
Result<PublishParameters> ChooseParameters(const boost::json::value& router_capabilities,
                                           std::string_view mime_type, const StreamNames& names);

}  // namespace confab::client
