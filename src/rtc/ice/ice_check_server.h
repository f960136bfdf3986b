#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/units.h"
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
  // Refusals of what did not authenticate, a second; beyond, such requests stay without an answer.
  // RFC 8489 §9.1.3 answers all. DEVIATION: a peer that has the wrong password repeats its request
  // seven times (§6.2.1) and is told; a flood of forged ones must not be worth a datagram each.
  static constexpr uint32_t kMaxRefusalsPerSecond = 50;

  explicit IceCheckServer(IceRole role) : role_(role) {}

  // A Binding request or response whose FINGERPRINT, where it has one, is right: a view into
  // `message`. Anything else is counted.
  std::optional<StunMessage> Parse(BytesView message);

  // Whether a request may change anything. `key` is that of the credentials its USERNAME names,
  // null for unknown ones or without USERNAME. False: it has been counted and refused over `path`.
  // True: it has a PRIORITY, and Answer is to follow.
  [[nodiscard]] bool Admit(Timestamp now, const Path& path, const StunMessage& request,
                           StunHmac* key, IceOutput& output);
  void Answer(const Path& path, const StunMessage& request, StunHmac& key, IceOutput& output);

  void Count(IceDropReason reason) {
    ++drops_[static_cast<size_t>(reason)];
    ++dropped_;
  }
  // Requests whose sender knew the password, whatever became of them.
  uint64_t authenticated() const { return authenticated_; }
  uint64_t answered() const { return answered_; }
  uint64_t dropped(IceDropReason reason) const { return drops_[static_cast<size_t>(reason)]; }
  uint64_t dropped() const { return dropped_; }  // for whatever reason

 private:
  bool Authenticates(Timestamp, const Path&, const StunMessage&, StunHmac* key, IceOutput&);
  void RefuseStranger(Timestamp, const Path&, const StunMessage&, StunError, IceOutput&);
  void Refuse(const Path&, const StunMessage&, StunError, StunHmac* key, IceOutput&);

  IceRole role_;
  uint64_t authenticated_ = 0;
  uint64_t answered_ = 0;
  std::array<uint64_t, kIceDropReasonCount> drops_{};
  uint64_t dropped_ = 0;
  Timestamp refusal_second_ = Timestamp::Past();  // when the second began
  uint32_t refusals_this_second_ = 0;
};

}  // namespace confab::rtc
