#include "services/media/convert/plain_proto.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "rtc/srtp/srtp_profile_names.h"
#include "rtc/srtp/srtp_suite.h"

namespace confab::media {
namespace {

constexpr uint32_t kMaxPort = 65'535;

std::unexpected<Error> Invalid(std::string sentence) {
  return Fail(ErrorCode::kInvalidMessage, std::move(sentence));
}

}  // namespace

Result<rtc::SrtpProfile> SuiteFrom(const std::string& name) {
  if (const auto suite = rtc::ParseSrtpProfile(name)) return *suite;
  return Fail(ErrorCode::kUnsupportedParameters,
              "cryptoSuite must be AEAD_AES_128_GCM, AEAD_AES_256_GCM or AES_CM_128_HMAC_SHA1_80");
}

Result<rtc::SrtpMasterKey> FromProto(const v1::SrtpParameters& message) {
  const auto suite = SuiteFrom(message.crypto_suite());
  if (!suite) return std::unexpected(suite.error());
  const auto octets = FromBase64(message.key_base64());
  const auto key = octets ? rtc::MasterKeyFrom(*suite, *octets) : std::nullopt;
  if (key) return *key;
  return Invalid(fmt::format("keyBase64 must hold {} octets for {}: the master key and the salt",
                             rtc::KeyAndSaltSize(*suite), rtc::ToString(*suite)));
}

Result<sfu::PlainRemote> FromProto(const v1::ConnectPlainTransportRequest& message) {
  sfu::PlainRemote remote;
  if (message.port() > kMaxPort || message.rtcp_port() > kMaxPort) {
    return Invalid("port and rtcpPort must be 65535 at most");
  }
  if (!message.ip().empty()) {
    remote.rtp = SocketAddress::Parse(message.ip(), static_cast<uint16_t>(message.port()));
    if (!remote.rtp) return Invalid("ip must be an IP address; names are not looked up");
  } else if (message.port() != 0) {
    return Invalid("port says nothing without ip");
  }
  if (message.rtcp_port() != 0) remote.rtcp_port = static_cast<uint16_t>(message.rtcp_port());
  if (!message.has_srtp_parameters()) return remote;
  const auto key = FromProto(message.srtp_parameters());
  if (!key) return std::unexpected(key.error());
  remote.key = *key;
  return remote;
}

v1::SrtpParameters ToProto(const rtc::SrtpMasterKey& key) {
  v1::SrtpParameters message;
  message.set_crypto_suite(std::string(rtc::ToString(key.profile)));
  message.set_key_base64(ToBase64(rtc::KeyAndSaltOf(key)));
  return message;
}

v1::TransportTuple ToProto(const SocketAddress& local, const std::optional<rtc::Path>& remote) {
  v1::TransportTuple message;
  message.set_local_ip(local.IpToString());
  message.set_local_port(local.port());
  message.set_protocol("udp");
  if (!remote) return message;
  message.set_remote_ip(remote->remote.IpToString());
  message.set_remote_port(remote->remote.port());
  return message;
}

}  // namespace confab::media
