#pragma once

#include <optional>

#include "base/error.h"
#include "base/socket_address.h"
#include "confab/media/v1/media.pb.h"
#include "rtc/srtp/srtp_engine.h"
#include "sfu/plain_parameters.h"

namespace confab::media {

// The suite of a name. Errors: kUnsupportedParameters.
Result<rtc::SrtpProfile> SuiteFrom(const std::string& name);
// Errors: kUnsupportedParameters (an unknown suite), kInvalidMessage (not base 64, or not of the
// suite's length). No error repeats the key.
Result<rtc::SrtpMasterKey> FromProto(const v1::SrtpParameters& message);
// Errors: those of the keys; kInvalidMessage (no IP address, or ports beyond 65535).
Result<sfu::PlainRemote> FromProto(const v1::ConnectPlainTransportRequest& message);

v1::SrtpParameters ToProto(const rtc::SrtpMasterKey& key);
v1::TransportTuple ToProto(const SocketAddress& local, const std::optional<rtc::Path>& remote);

}  // namespace confab::media
