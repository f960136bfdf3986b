#include "sfu/plain_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rtc/srtp/srtp_suite.h"

namespace confab::sfu {
namespace {

SocketAddress WithPort(const SocketAddress& address, uint16_t port) {
  return *SocketAddress::Parse(address.IpToString(), port);
}

// Neither "any", which Linux takes for this machine, nor a group, nor an IPv4 address in the dress
// of IPv6, which would be in other networks than it seems.
bool IsOneMachine(const SocketAddress& address) {
  const BytesView ip = address.ip();
  if (std::ranges::all_of(ip, [](uint8_t octet) { return octet == 0; })) return false;
  if (address.family() == AddressFamily::kIpv4) return ip[0] != 0 && ip[0] < 224;
  const auto mapped = IpNetwork::Parse("::ffff:0:0/96");
  return ip[0] != 0xff && !mapped->Contains(address);
}

std::unexpected<Error> Invalid(std::string sentence) {
  return Fail(ErrorCode::kInvalidMessage, std::move(sentence));
}

}  // namespace

PlainParameters::PlainParameters(PlainTransportOptions options, RandomSource& random)
    : options_(options),
      local_key_(rtc::RandomMasterKey(options.srtp, random)),
      remote_key_{.profile = options.srtp} {}

Result<void> PlainParameters::SetRemote(const PlainRemote& remote,
                                        std::span<const IpNetwork> networks, RandomSource& random) {
  if (auto checked = CheckMoment(); !checked) return checked;
  if (auto checked = CheckAddress(remote, networks); !checked) return checked;
  if (auto checked = CheckKey(remote); !checked) return checked;
  is_told_ = true;
  if (remote.rtp) {
    rtp_ = *remote.rtp;
    rtcp_ = WithPort(rtp_, remote.rtcp_port.value_or(rtp_.port()));
  }
  if (remote.key) {
    remote_key_ = *remote.key;
    const rtc::SrtpProfile chosen = remote_key_.profile;
    if (local_key_.profile != chosen) local_key_ = rtc::RandomMasterKey(chosen, random);
  }
  return {};
}

Result<void> PlainParameters::CheckMoment() const {
  if (is_told_) return Fail(ErrorCode::kInvalidState, "the transport has been connected already");
  if (!is_given() && !has_srtp()) {
    return Fail(ErrorCode::kInvalidState,
                "a transport with comedia and without SRTP is not connected: it learns the peer's "
                "address from the first packet");
  }
  return {};
}

Result<void> PlainParameters::CheckAddress(const PlainRemote& remote,
                                           std::span<const IpNetwork> networks) const {
  if (!is_given()) {
    if (!remote.rtp && !remote.rtcp_port) return {};
    return Invalid("ip, port and rtcpPort must be left out: with comedia they are learned");
  }
  if (!remote.rtp || remote.rtp->port() == 0) return Invalid("ip and port are missing");
  if (is_muxed() && remote.rtcp_port) {
    return Invalid("rtcpPort must be left out: rtcpMux puts RTCP on the port of RTP");
  }
  if (!is_muxed() && remote.rtcp_port.value_or(0) == 0) {
    return Invalid("rtcpPort is missing: without rtcpMux RTCP needs a port of its own");
  }
  if (!IsOneMachine(*remote.rtp) || remote.rtp->family() != options_.rtp.address.family()) {
    return Invalid(fmt::format("ip must be the address of one machine, of the family of {}",
                               options_.rtp.address.IpToString()));
  }
  const auto contains = [&](const IpNetwork& network) { return network.Contains(*remote.rtp); };
  if (std::ranges::any_of(networks, contains)) return {};
  return Fail(ErrorCode::kForbidden, fmt::format("{} is in none of media.plain_rtp_networks: only "
                                                 "there may a plain transport send",
                                                 remote.rtp->IpToString()));
}

Result<void> PlainParameters::CheckKey(const PlainRemote& remote) const {
  if (has_srtp() && !remote.key) {
    return Invalid("srtpParameters are missing: the transport was made with SRTP");
  }
  if (!has_srtp() && remote.key) {
    return Invalid("srtpParameters must be left out: the transport was made without SRTP");
  }
  return {};
}

}  // namespace confab::sfu
