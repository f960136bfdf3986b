#include "services/signaling/door/stored_token_uses.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "auth/limits.h"
#include "backends/store/limits.h"
#include "backends/store/unix_micros.h"

namespace confab::signaling {
namespace {

using store::StoreFault, store::UsedTokenStore;

static_assert(store::kMaxTokenIdBytes >= auth::kMaxKeyIdBytes + 1 + auth::kMaxTokenIdBytes);

std::unexpected<Error> CannotBeChecked() {
  return Fail(ErrorCode::kUnavailable,
              "invitations cannot be checked at the moment, so nobody can be let in; try again in "
              "a moment");
}

}  // namespace

asio::awaitable<void> StoredTokenUses::Try(std::shared_ptr<Attempt> attempt) {
  bool is_in_doubt = false;
  do {
    UsedTokenStore::Use use{.token_id = attempt->use.token_id,
                            .use_id = attempt->use.use_id,
                            .expires_at_us = attempt->use.valid_until_s * store::kMicrosPerSecond};
    attempt->outcome = co_await store_.used_tokens().Take(std::move(use));
    if (attempt->outcome) {
      is_in_doubt = *attempt->outcome == UsedTokenStore::Outcome::kFirst;
    } else if (attempt->outcome.error().fault == StoreFault::kPerhapsDone) {
      is_in_doubt = true;
      continue;
    }
    break;
  } while (!attempt->is_given_up);
  const bool is_refused = attempt->is_given_up || !attempt->outcome;
  if (is_refused && is_in_doubt) Release(attempt->use);
  attempt->done.Set();
}

asio::awaitable<Result<void>> StoredTokenUses::Take(TokenUse use) {
  auto attempt = std::make_shared<Attempt>(io_.get_executor(), std::move(use));
  asio::co_spawn(io_, Try(attempt), asio::detached);
  co_await attempt->done.Wait(take_limit_);
  if (!attempt->done.is_set()) {
    attempt->is_given_up = true;
    co_return CannotBeChecked();
  }
  if (attempt->outcome) {
    if (*attempt->outcome == UsedTokenStore::Outcome::kFirst) co_return Result<void>();
    co_return UsedBefore();
  }
  co_return CannotBeChecked();
}

void StoredTokenUses::Release(TokenUse use) {
  behind_.Add([&store = store_, use = std::move(use)]() {
    return store.used_tokens().Release(use.token_id, use.use_id);
  });
}

}  // namespace confab::signaling
