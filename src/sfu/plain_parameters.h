#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/error.h"
#include "base/ip_network.h"
#include "base/random.h"
#include "base/socket_address.h"
#include "rtc/dtls/dtls_types.h"
#include "rtc/plain/plain_path.h"
#include "rtc/srtp/srtp_engine.h"
#include "rtc/types.h"

namespace confab::sfu {

// A socket that the I/O has opened for one plain transport.
struct PlainSocket {
  rtc::LocalSocket number;
  SocketAddress address;
};

// What a plain transport is made with (mediasoup's PlainTransportOptions).
struct PlainTransportOptions {
  PlainSocket rtp;
  std::optional<PlainSocket> rtcp;  // nullopt: RTCP shares RTP's (RFC 5761)
  rtc::RemoteAddress remote = rtc::RemoteAddress::kGiven;
  rtc::SrtpProfile srtp = rtc::SrtpProfile::kClear;
};

// What is told of the peer.
struct PlainRemote {
  std::optional<SocketAddress> rtp;
  std::optional<uint16_t> rtcp_port;
  std::optional<rtc::SrtpMasterKey> key;  // what the peer encrypts with
};

// What a plain transport tells and is told, by the rules of mediasoup's PlainTransport: an address
// where it is given, keys where there is SRTP, once; and never where neither is. A value of its
// transport.
class PlainParameters {
 public:
  PlainParameters(PlainTransportOptions options, RandomSource& random);

  // Takes what is told. Errors change nothing: kInvalidState (told before, or nothing is to be
  // told), kInvalidMessage (a part is missing, too many or no address of one machine), kForbidden
  // (outside `networks`).
  Result<void> SetRemote(const PlainRemote& remote, std::span<const IpNetwork> networks,
                         RandomSource& random);

  const PlainTransportOptions& options() const { return options_; }
  bool is_muxed() const { return !options_.rtcp; }
  bool has_srtp() const { return options_.srtp != rtc::SrtpProfile::kClear; }
  bool is_given() const { return options_.remote == rtc::RemoteAddress::kGiven; }
  // What we encrypt with; of another suite once the peer has chosen another.
  const rtc::SrtpMasterKey& local_key() const { return local_key_; }
  // Once SetRemote has taken them: for the session.
  const SocketAddress& rtp() const { return rtp_; }
  const SocketAddress& rtcp() const { return rtcp_; }
  rtc::SrtpSession keys() const { return {.local = local_key_, .remote = remote_key_}; }

 private:
  Result<void> CheckMoment() const;
  Result<void> CheckAddress(const PlainRemote& remote, std::span<const IpNetwork> networks) const;
  Result<void> CheckKey(const PlainRemote& remote) const;

  PlainTransportOptions options_;
  bool is_told_ = false;
  rtc::SrtpMasterKey local_key_;
  rtc::SrtpMasterKey remote_key_;
  SocketAddress rtp_;
  SocketAddress rtcp_;
};

}  // namespace confab::sfu
