#pragma once

#include <string_view>

#include "confab/media/v1/media.pb.h"
#include "services/signaling/protocol/json.h"

namespace confab::signaling {

// The media contract's messages to mediasoup's JSON, as mediasoup-client takes it.
json::object ToJson(const media::v1::RtpCodecCapability& codec);
json::object ToJson(const media::v1::RtpCapabilities& capabilities);
json::object ToJson(const media::v1::RtpParameters& parameters);
json::object ToJson(const media::v1::IceParameters& parameters);
json::object ToJson(const media::v1::IceCandidate& candidate);
json::object ToJson(const media::v1::DtlsParameters& parameters);

// The addresses and keys in a CreatePlainTransportResponse or ConnectPlainTransportResponse:
// `{ tuple, rtcpTuple?, srtpParameters? }`.
template <typename Response>
json::object PlainTransportJson(const Response& response);

// A value of codec `parameters`: a number where the text is an integer in its one canonical
// spelling and exact in JavaScript, else the text. mediasoup-client compares such values by type.
json::value CodecParameterValue(std::string_view text);

}  // namespace confab::signaling
