#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "app/process/environment.h"
#include "auth/authority.h"
#include "backends/store/store.h"

namespace confab::app {

// Brings to the authority what the store says for all processes: API keys, where the store is
// shared, and revocations. Read again and again, because a token is verified without waiting for
// anybody. On the io_context's thread.
class SharedTokensPart {
 public:
  // So soon every instance knows of a new key, of a removed one, and of a revocation.
  static constexpr TimeDelta kInterval = TimeDelta::Seconds(5);
  // So long the keys that were read last are good while the store is away; then tokens under them
  // are refused (kUnavailable), for the key may have been removed.
  static constexpr TimeDelta kTrust = TimeDelta::Seconds(60);

  // What resume tokens have to wait for. Signaling knows by itself who is in a call; who does not,
  // must have read the revocations once.
  enum class Resume : uint8_t { kAtOnce, kWhenRevocationsAreKnown };

  // The store must outlive the part.
  SharedTokensPart(const Environment& environment, store::Store& store,
                   std::shared_ptr<auth::Authority> authority, Resume resume);
  ~SharedTokensPart();

 private:
  void ReadLater(TimeDelta pause);
  asio::awaitable<void> Read();
  asio::awaitable<void> ReadKeys();
  asio::awaitable<void> ReadRevocations();

  const Environment environment_;
  store::Store& store_;
  std::shared_ptr<auth::Authority> authority_;
  asio::steady_timer timer_;
  // Coroutines that outlive the part see that it has gone. Shared with them.
  std::shared_ptr<bool> is_here_ = std::make_shared<bool>(true);
};

}  // namespace confab::app
