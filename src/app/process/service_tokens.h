#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "auth/authority.h"
#include "auth/unix_time.h"
#include "base/error.h"
#include "rpc/token.h"

namespace confab::app {

// The service tokens of this process: one that goes with its own calls, and the check of those that
// come with others'. Thread-safe. What it gives out may outlive it.
class ServiceTokens {
 public:
  // A token that was verified is not verified again for so long, if there are no more than so many:
  // a signature costs more than the call that it admits. A key that is withdrawn counts for no
  // longer than that.
  static constexpr int64_t kRememberedForS = 60;
  static constexpr size_t kMaxRemembered = 256;
  // A new token for our calls, well before the old one expires.
  static constexpr int64_t kRenewAfterS = 120;

  // `authority` knows the keys that all processes share, and is refreshed by who opened it. It is
  // shared with what this gives out. `service` and `instance` are this process's. `now` is Unix
  // time, from any thread.
  ServiceTokens(std::shared_ptr<auth::Authority> authority, std::string service,
                std::string instance, std::function<int64_t()> now = auth::UnixSeconds);

  rpc::TokenSource Source() const;
  // Admits these services alone.
  rpc::TokenCheck Check(std::vector<std::string> services) const;

 private:
  class State;

  // Shared with the channels and servers that it was given to.
  std::shared_ptr<State> state_;
};

}  // namespace confab::app
