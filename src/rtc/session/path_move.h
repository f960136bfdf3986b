#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "rtc/types.h"

namespace confab::rtc {

// A path that authenticated SRTP has come over, but no authenticated STUN check yet: the peer's
// address has changed, and its ICE agent has not noticed (a NAT has given it another port) or has
// not come round to checking. Media follows at once.
//
// DEVIATION: RFC 8445 §12.1 sends on selected pairs only, and a pair is selected by checks. What
// that guards against, a stranger made the target of a stream, is bounded as QUIC does it (RFC 9000
// §8.1, §9.3): until a check comes from there, at most three times what came from there is sent
// back; and the newest packet decides, so that a copy sent from elsewhere moves the stream only
// until the peer's next packet.
//
// At most one at a time. Owned by a session.
class PathMove {
 public:
  // "an endpoint MUST NOT send more than three times as many bytes as the number of bytes it has
  // received" (RFC 9000 §8.1).
  static constexpr uint64_t kAmplification = 3;

  // `octets` have come over `path`, authenticated and newer than all before.
  void Begin(const Path& path, size_t octets) {
    path_ = target_ = path;
    received_ = octets;
    sent_ = 0;
  }
  void End() { path_ = target_ = std::nullopt; }

  bool active() const { return path_.has_value(); }
  // The path on trial; nullopt when there is none.
  const std::optional<Path>& path() const { return path_; }
  // Where to send instead of the path that ICE has selected: path(), or nullopt while the newest
  // packet came over another.
  const std::optional<Path>& target() const { return target_; }

  // Once for each authenticated packet of the session while active. `is_newest`: no later packet of
  // its ssrc has come before.
  void NoteReceived(const Path& from, size_t octets, bool is_newest) {
    if (from == path_) received_ += octets;
    if (is_newest) target_ = from == path_ ? path_ : std::nullopt;
  }
  // Takes `octets` from what may be sent. Without a target there is no limit here.
  [[nodiscard]] bool Admit(size_t octets) {
    if (!target_) return true;
    if (sent_ + octets > kAmplification * received_) return false;
    sent_ += octets;
    return true;
  }

 private:
  std::optional<Path> path_;
  std::optional<Path> target_;
  uint64_t received_ = 0;
  uint64_t sent_ = 0;
};

}  // namespace confab::rtc
