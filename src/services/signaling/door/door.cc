#include "services/signaling/door/door.h"

#include "auth/validity.h"
#include "base/id.h"

namespace confab::signaling {
namespace {

struct UseTag;

}  // namespace

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
  if (auth::Authority::SaysItIsFor(token, auth::Audience::kResume)) {
    auto resume = LookResume(token);
    if (resume || resume.error().code != ErrorCode::kSessionExpired) return resume;
    // As a resume token that has run out: its bearer needs a new invitation.
    return Fail(ErrorCode::kUnauthorized, std::move(resume.error().message));
  }
  auto join = authority_.VerifyJoin(token, now_());
  if (!join) return std::unexpected(std::move(join.error()));
  return Pass{.room = join->room, .join = std::move(*join)};
}

TokenTrouble Door::Explain(std::string_view token) {
  using enum TokenTrouble::Kind;
  if (token.empty()) return {.kind = kNone, .room = ""};
  auth::TokenFlaw flaw = authority_.FindFlaw(token, now_());
  TokenTrouble trouble{.kind = kInvalid, .room = std::move(flaw.room)};
  switch (flaw.kind) {
    case auth::TokenFlaw::Kind::kInvalid: break;
    case auth::TokenFlaw::Kind::kExpired: trouble.kind = kExpired; break;
    case auth::TokenFlaw::Kind::kNotYet: trouble.kind = kNotYet; break;
    case auth::TokenFlaw::Kind::kRevoked: trouble.kind = kRevoked; break;
  }
  return trouble;
}

asio::awaitable<Result<TokenUse>> Door::Use(const auth::JoinClaims& claims) {
  TokenUse use(claims.token_id, Id<UseTag>::Random(random_).ToString(), EndOf(claims));
  TokenUse taken = use;
  const Result<void> first = co_await uses_.Take(std::move(use));
  if (!first) co_return std::unexpected(first.error());
  // Looked at last: that it was used before may be forgotten from then on.
  if (IsOver(claims)) co_return auth::TokenIsOver();
  co_return taken;
}

std::string Door::ResumeToken(std::string_view room, ParticipantId participant) {
  return authority_
      .SignResume({.room = std::string(room), .participant = participant.ToString()}, now_())
      .value_or("");
}

}  // namespace confab::signaling
