#include "services/signaling/door/token_uses.h"

namespace confab::signaling {

std::unexpected<Error> UsedBefore() {
  return Fail(ErrorCode::kUnauthorized, "this invitation was used already; ask for a new one");
}

asio::awaitable<Result<void>> LocalTokenUses::Take(TokenUse use) {
  switch (used_.Take(use.token_id, use.valid_until_s, now_())) {
    case auth::OneUse::Use::kFirst: co_return Result<void>();
    case auth::OneUse::Use::kAgain: co_return UsedBefore();
    case auth::OneUse::Use::kFull: break;
  }
  co_return Fail(ErrorCode::kRateLimited, "too many joins at once; try again in a moment");
}

}  // namespace confab::signaling
