#include "rtc/plain/plain_path.h"

#include <algorithm>
#include <utility>

namespace confab::rtc {

PlainPath::PlainPath(PlainPathOptions options)
    : IceAgent(IceRole::kControlled, {}), options_(std::move(options)) {}

bool PlainPath::IsAllowed(const SocketAddress& remote) const {
  return std::ranges::any_of(
      options_.networks, [&remote](const IpNetwork& network) { return network.Contains(remote); });
}

void PlainPath::Fix(const SocketAddress& rtp, const SocketAddress& rtcp) {
  if (selected_) return;
  selected_ = Path{options_.rtp, rtp};
  if (!is_muxed()) rtcp_ = Path{options_.rtcp, rtcp};
  state_ = IceState::kConnected;
}

std::optional<DropReason> PlainPath::Refuses(SrtpKind kind, const Path& from) const {
  if (const auto& known = PathOf(kind)) {
    return from == known ? std::nullopt : std::optional(DropReason::kUnknownPath);
  }
  const LocalSocket local = kind == SrtpKind::kRtp ? options_.rtp : options_.rtcp;
  const bool may_learn = options_.remote == RemoteAddress::kLearned && from.local == local;
  if (!may_learn) return DropReason::kUnknownPath;
  return IsAllowed(from.remote) ? std::nullopt : std::optional(DropReason::kForbiddenNetwork);
}

void PlainPath::Expect(std::optional<Ssrc> ssrc) {
  if (ssrc) {
    expected_.push_back(*ssrc);
  } else {
    expects_any_ = true;
  }
}

bool PlainPath::MayTeach(SrtpKind kind, Ssrc sender) const {
  if (expects_any_ || std::ranges::find(expected_, sender) != expected_.end()) return true;
  return kind == SrtpKind::kRtcp && expected_.empty();
}

void PlainPath::Learn(SrtpKind kind, const Path& from) {
  if (PathOf(kind)) return;
  if (kind == SrtpKind::kRtp || is_muxed()) {
    selected_ = from;
    state_ = IceState::kConnected;
  } else {
    rtcp_ = from;
  }
}

}  // namespace confab::rtc
