#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "rtc/ice/ice_output.h"
#include "rtc/ice/ice_types.h"
#include "rtc/stun/stun_hmac.h"
#include "rtc/stun/stun_message.h"
#include "rtc/types.h"

namespace confab::rtc {

// The server's half of connectivity checks (RFC 8445 §7.3), which every agent has: what makes a
// Binding request authentic, the answers to it, and the counters of what was dropped. Keeps no
// state besides those. Owned by an agent.
class IceCheckServer {
 public:
  explicit IceCheckServer(IceRole role) : role_(role) {}

  // A Binding request or response whose FINGERPRINT, where it has one, is right: a view into
  // `message`. Anything else is counted.
  std::optional<StunMessage> Parse(BytesView message);

  // Whether a request may change anything. `key` is that of the credentials its USERNAME names,
  // null for unknown ones or without USERNAME. False: it has been counted and refused over `path`.
  // True: it has a PRIORITY, and Answer is to follow.
  [[nodiscard]] bool Admit(const Path& path, const StunMessage& request, StunHmac* key,
                           IceOutput& output);
  void Answer(const Path& path, const StunMessage& request, StunHmac& key, IceOutput& output);

  void Count(IceDropReason reason) { ++drops_[static_cast<size_t>(reason)]; }
  uint64_t answered() const { return answered_; }
  uint64_t dropped(IceDropReason reason) const { return drops_[static_cast<size_t>(reason)]; }

 private:
  bool Authenticates(const Path&, const StunMessage&, StunHmac* key, IceOutput&);
  void Refuse(const Path&, const StunMessage&, StunError, StunHmac* key, IceOutput&);

  IceRole role_;
  uint64_t answered_ = 0;
  std::array<uint64_t, kIceDropReasonCount> drops_{};
};

}  // namespace confab::rtc
