#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "auth/one_use.h"
#include "base/error.h"
#include "net/asio.h"

namespace confab::signaling {

// One attempt to come in by a join token. A constructor, not an aggregate: it is an argument inside
// co_await.
struct TokenUse {
  TokenUse() = default;
  TokenUse(std::string token, std::string attempt, int64_t until_s)
      : token_id(std::move(token)), use_id(std::move(attempt)), valid_until_s(until_s) {}

  std::string token_id;
  std::string use_id;  // of the attempt
  // Since the Unix epoch; so long the token could be shown again, differing clocks considered.
  int64_t valid_until_s = 0;
};

// Which join tokens have admitted somebody. Lives on the io_context's thread.
class TokenUses {
 public:
  virtual ~TokenUses() = default;

  // The token admits somebody now. Error: kUnauthorized where it did so before, kRateLimited,
  // kUnavailable where that cannot be known now; then it may be shown again.
  virtual asio::awaitable<Result<void>> Take(TokenUse use) = 0;
  // The use came to nothing: the token may be used again. Only after Take has succeeded.
  virtual void Release(TokenUse use) = 0;
};

// Of this instance alone, in memory.
class LocalTokenUses final : public TokenUses {
 public:
  explicit LocalTokenUses(std::function<int64_t()> unix_seconds) : now_(std::move(unix_seconds)) {}

  asio::awaitable<Result<void>> Take(TokenUse use) override;
  void Release(TokenUse use) override { used_.Release(use.token_id); }

 private:
  std::function<int64_t()> now_;
  auth::OneUse used_{TimeDelta()};  // valid_until_s has the differing clocks in it
};

// The refusal of a token that was used before.
std::unexpected<Error> UsedBefore();

}  // namespace confab::signaling
