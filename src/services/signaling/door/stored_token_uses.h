#pragma once

#include <memory>

#include "backends/store/store.h"
#include "backends/store/write_behind.h"
#include "net/event.h"
#include "services/signaling/door/token_uses.h"

namespace confab::signaling {

// Over all instances that have the same store, and over their restarts. A store that is away is
// waited for, kTakeLimit at most: then the join is refused as kUnavailable, for what nobody knows
// lets nobody in. Lives on the io_context's thread; the store must outlive it and its calls.
class StoredTokenUses final : public TokenUses {
 public:
  // Shorter than clients wait for the answer to a join.
  static constexpr TimeDelta kTakeLimit = TimeDelta::Seconds(4);

  // What is released goes through `behind`.
  StoredTokenUses(asio::io_context& io, store::Store& store, store::WriteBehind& behind,
                  TimeDelta take_limit = kTakeLimit)
      : io_(io), store_(store), behind_(behind), take_limit_(take_limit) {}

  asio::awaitable<Result<void>> Take(TokenUse use) override;
  void Release(TokenUse use) override;

 private:
  using Outcome = store::StoreResult<store::UsedTokenStore::Outcome>;
  // Goes on when nobody waits any more, to undo what came too late.
  struct Attempt {
    Attempt(const asio::any_io_executor& executor, TokenUse wanted)
        : use(std::move(wanted)), done(executor) {}
    TokenUse use;
    net::Event done;
    Outcome outcome = store::FailStore(store::StoreFault::kUnavailable, "It was not tried yet");
    bool is_given_up = false;
  };
  asio::awaitable<void> Try(std::shared_ptr<Attempt> attempt);

  asio::io_context& io_;
  store::Store& store_;
  store::WriteBehind& behind_;
  TimeDelta take_limit_;
};

}  // namespace confab::signaling
