#include "services/signaling/door/door.h"

namespace confab::signaling {

Result<Pass> Door::LookResume(std::string_view token) {
  const auto claims = authority_.VerifyResume(token, now_());
  if (!claims) return std::unexpected(claims.error());
  const auto participant = ParticipantId::Parse(claims->participant);
  if (!participant) return Fail(ErrorCode::kUnauthorized, "the token names no participant");
  return Pass{.room = claims->room, .participant = participant};
}

Result<Pass> Door::Look(std::string_view token) {
  if (token.empty()) {
    return Fail(ErrorCode::kUnauthorized,
                "a token is missing: ask the gateway for one and send it as auth.token");
  }
  auto join = authority_.VerifyJoin(token, now_());
  if (join) return Pass{.room = join->room, .join = std::move(*join)};
  if (auto resume = LookResume(token)) return resume;
  return std::unexpected(std::move(join.error()));
}

Result<void> Door::Use(const auth::JoinClaims& claims) {
  switch (used_.Take(claims.token_id, claims.expires_at_s, now_())) {
    case auth::OneUse::Use::kFirst: return {};
    case auth::OneUse::Use::kAgain:
      return Fail(ErrorCode::kUnauthorized, "this invitation was used already; ask for a new one");
    case auth::OneUse::Use::kFull: break;
  }
  return Fail(ErrorCode::kRateLimited, "too many joins at once; try again in a moment");
}

std::string Door::ResumeToken(std::string_view room, ParticipantId participant) {
  return authority_
      .SignResume({.room = std::string(room), .participant = participant.ToString()}, now_())
      .value_or("");
}

}  // namespace confab::signaling
