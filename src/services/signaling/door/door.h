#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "auth/authority.h"
#include "auth/one_use.h"
#include "base/error.h"
#include "services/signaling/door/pass.h"

namespace confab::signaling {

// Who comes in: looks at the tokens of connections and joins, lets each join token admit one
// participant, and makes the resume tokens. Lives on the io_context's thread. The authority must
// outlive it.
class Door {
 public:
  using UnixSeconds = std::function<int64_t()>;

  Door(auth::Authority& authority, TimeDelta clock_skew, UnixSeconds now)
      : authority_(authority), now_(std::move(now)), used_(clock_skew) {}

  // What this token allows: a join token or a resume token. Error: kUnauthorized.
  Result<Pass> Look(std::string_view token);
  // The participant that a resume token is for, where the room's name fits. Error: kUnauthorized.
  Result<Pass> LookResume(std::string_view token);

  // The token admits its participant now. Error: kUnauthorized where it did so before,
  // kRateLimited where too many tokens are in use.
  Result<void> Use(const auth::JoinClaims& claims);
  // The join failed: the token may be used again.
  void Release(const auth::JoinClaims& claims) { used_.Release(claims.token_id); }

  // For one participant, to come back with. "" where this process has no private key.
  std::string ResumeToken(std::string_view room, ParticipantId participant);

 private:
  auth::Authority& authority_;
  UnixSeconds now_;
  auth::OneUse used_;
};

}  // namespace confab::signaling
