#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/socket_address.h"
#include "rtc/dtls/fingerprint.h"
#include "rtc/ice/ice_credentials.h"

namespace confab::client {

// The server's end of a transport: what `TransportEntry` of the signaling protocol says.
struct RemoteTransport {
  // Of more candidates the first ones count.
  static constexpr size_t kMaxCandidates = 16;

  std::string id;
  rtc::IceCredentials ice;
  std::vector<SocketAddress> candidates;       // UDP, best first, not empty
  std::vector<rtc::Fingerprint> fingerprints;  // not empty
};

// Error kInvalidMessage says what is missing.
Result<RemoteTransport> ParseRemoteTransport(const boost::json::value& entry);

}  // namespace confab::client
