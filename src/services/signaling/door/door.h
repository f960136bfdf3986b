#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "auth/authority.h"
#include "auth/unix_time.h"
#include "base/error.h"
#include "base/random.h"
#include "services/signaling/door/pass.h"
#include "services/signaling/door/token_trouble.h"
#include "services/signaling/door/token_uses.h"

namespace confab::signaling {

// Who comes in: looks at the tokens of connections and joins, lets each join token admit one
// participant, and makes the resume tokens. Lives on the io_context's thread. The authority and
// `uses` must outlive it.
class Door {
 public:
  using UnixSeconds = std::function<int64_t()>;

  Door(auth::Authority& authority, TokenUses& uses, TimeDelta clock_skew, UnixSeconds now)
      : authority_(authority), uses_(uses), clock_skew_(clock_skew), now_(std::move(now)) {}

  // What this token allows: a join token or a resume token. Error: kUnauthorized, kUnavailable
  // where that cannot be found out now.
  Result<Pass> Look(std::string_view token);
  // The participant that a resume token is for, where the room's name fits. Error: kUnauthorized,
  // kSessionExpired (it was removed), kUnavailable.
  Result<Pass> LookResume(std::string_view token);
  // Why Look refused this token with kUnauthorized. As costly as Look.
  TokenTrouble Explain(std::string_view token);

  // The token admits its participant now; what comes back is for Release. Error: kUnauthorized
  // where it did so before or is over, kRateLimited where too many tokens are in use, kUnavailable
  // where that cannot be found out. The claims must outlive the call.
  asio::awaitable<Result<TokenUse>> Use(const auth::JoinClaims& claims);
  // Whether Look would refuse the token by now; connections are open for longer than it is good.
  bool IsOver(const auth::JoinClaims& claims) const { return now_() >= EndOf(claims); }
  // The join failed: the token may be used again.
  void Release(TokenUse use) { uses_.Release(std::move(use)); }

  // For one participant, to come back with. "" where this process has no private key.
  std::string ResumeToken(std::string_view room, ParticipantId participant);

 private:
  int64_t EndOf(const auth::JoinClaims& claims) const {
    return claims.expires_at_s + auth::SecondsOf(clock_skew_);
  }

  auth::Authority& authority_;
  TokenUses& uses_;
  TimeDelta clock_skew_;
  UnixSeconds now_;
  SecureRandom random_;
};

}  // namespace confab::signaling
