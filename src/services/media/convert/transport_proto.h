#pragma once

#include "base/error.h"
#include "confab/media/v1/rtp.pb.h"
#include "rtc/dtls/fingerprint.h"
#include "rtc/ice/ice_candidate.h"
#include "rtc/ice/ice_credentials.h"
#include "sfu/transport.h"

namespace confab::media {

// A client's role "server" makes confab the DTLS client; "client" and "auto" make it the server.
// Fingerprints of unknown algorithms are skipped. Errors: kInvalidMessage (an unknown role),
// kUnsupportedParameters (no fingerprint that can be checked).
Result<sfu::RemoteDtls> FromProto(const v1::DtlsParameters& message);

v1::IceParameters ToProto(const rtc::IceCredentials& credentials);
v1::IceCandidate ToProto(const rtc::IceCandidate& candidate);
// What the client is told of our side: role "auto" and our fingerprint.
v1::DtlsParameters LocalDtlsParameters(const rtc::Fingerprint& fingerprint);

}  // namespace confab::media
