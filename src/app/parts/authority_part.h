#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "app/process/environment.h"
#include "auth/authority.h"

namespace confab::app {

// The authority over the tokens of people and of programs (DATA_DIR/keys, DATA_DIR/api-keys.json),
// refreshed once a minute. On the io_context's thread.
class AuthorityPart {
 public:
  // Error: kInvalidConfiguration, with the path and the fix.
  static Result<std::unique_ptr<AuthorityPart>> Open(const Environment& environment);

  auth::Authority& authority() { return *authority_; }

 private:
  AuthorityPart(const Environment& environment, std::unique_ptr<auth::Authority> authority);
  void RefreshLater();

  observe::Logger logger_;
  std::unique_ptr<auth::Authority> authority_;
  asio::steady_timer timer_;
};

}  // namespace confab::app
