#include "client/signaling/remote_transport.h"

#include <fmt/format.h>

#include "client/signaling/json_fields.h"

namespace confab::client {
namespace {

namespace json = boost::json;

void AddCandidate(const json::value& candidate, std::vector<SocketAddress>& out) {
  const auto port = NumberOf(candidate, "port", UINT16_MAX);
  if (TextOf(candidate, "protocol") != "udp" || !port) return;
  const auto address = SocketAddress::Parse(TextOf(candidate, "ip"), static_cast<uint16_t>(*port));
  if (address) out.push_back(*address);
}

std::unexpected<Error> TransportLacks(std::string_view what) {
  return Fail(ErrorCode::kInvalidMessage, fmt::format("the server's transport has no {}", what));
}

}  // namespace

Result<RemoteTransport> ParseRemoteTransport(const json::value& entry) {
  RemoteTransport remote;
  remote.id = TextOf(entry, "id");
  if (const json::value* ice = Find(entry, "iceParameters")) {
    remote.ice = {std::string(TextOf(*ice, "usernameFragment")),
                  std::string(TextOf(*ice, "password"))};
  }
  for (const json::value& candidate : ListOf(entry, "iceCandidates")) {
    if (remote.candidates.size() == RemoteTransport::kMaxCandidates) break;
    AddCandidate(candidate, remote.candidates);
  }
  if (const json::value* dtls = Find(entry, "dtlsParameters")) {
    for (const json::value& each : ListOf(*dtls, "fingerprints")) {
      const auto parsed = rtc::Fingerprint::Parse(TextOf(each, "algorithm"), TextOf(each, "value"));
      if (parsed) remote.fingerprints.push_back(*parsed);
    }
  }
  if (remote.id.empty()) return TransportLacks("id");
  if (remote.ice.ufrag.empty() || remote.ice.password.empty()) {
    return TransportLacks("iceParameters");
  }
  if (remote.candidates.empty()) return TransportLacks("candidate for UDP");
  if (remote.fingerprints.empty()) return TransportLacks("fingerprint of a known algorithm");
  return remote;
}

}  // namespace confab::client
