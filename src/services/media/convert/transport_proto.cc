#include "services/media/convert/transport_proto.h"

#include <fmt/format.h>

namespace confab::media {

Result<sfu::RemoteDtls> FromProto(const v1::DtlsParameters& message) {
  sfu::RemoteDtls remote;
  if (message.role() == "server") {
    remote.role = rtc::DtlsRole::kClient;
  } else if (message.role() != "client" && message.role() != "auto" && !message.role().empty()) {
    return Fail(ErrorCode::kInvalidMessage,
                fmt::format("dtlsParameters.role must be auto, client or server, not \"{}\"",
                            message.role()));
  }
  for (const v1::DtlsFingerprint& fingerprint : message.fingerprints()) {
    if (const auto parsed = rtc::Fingerprint::Parse(fingerprint.algorithm(), fingerprint.value())) {
      remote.fingerprints.push_back(*parsed);
    }
  }
  if (remote.fingerprints.empty()) {
    return Fail(ErrorCode::kUnsupportedParameters,
                "dtlsParameters.fingerprints must hold a sha-256, sha-384 or sha-512 fingerprint");
  }
  return remote;
}

v1::IceParameters ToProto(const rtc::IceCredentials& credentials) {
  v1::IceParameters message;
  message.set_username_fragment(credentials.ufrag);
  message.set_password(credentials.password);
  message.set_ice_lite(true);
  return message;
}

v1::IceCandidate ToProto(const rtc::IceCandidate& candidate) {
  const bool tcp = candidate.protocol == rtc::IceProtocol::kTcp;
  v1::IceCandidate message;
  message.set_foundation(candidate.foundation);
  message.set_priority(candidate.priority);
  message.set_ip(candidate.ip);
  message.set_port(candidate.port);
  message.set_protocol(tcp ? "tcp" : "udp");
  message.set_type("host");
  if (tcp) message.set_tcp_type("passive");
  return message;
}

v1::DtlsParameters LocalDtlsParameters(const rtc::Fingerprint& fingerprint) {
  v1::DtlsParameters message;
  message.set_role("auto");
  v1::DtlsFingerprint& entry = *message.add_fingerprints();
  entry.set_algorithm(std::string(rtc::ToString(fingerprint.algorithm)));
  entry.set_value(fingerprint.ValueToString());
  return message;
}

}  // namespace confab::media
