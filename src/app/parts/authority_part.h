#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "app/process/environment.h"
#include "auth/authority.h"

namespace confab::app {

// The one authority of a process over all tokens, those of people, programs and services
// (DATA_DIR/keys, DATA_DIR/api-keys.json), refreshed once a minute. On the io_context's thread.
class AuthorityPart {
 public:
  // Error: kInvalidConfiguration, with the path and the fix.
  static Result<std::unique_ptr<AuthorityPart>> Open(const Environment& environment);

  auth::Authority& authority() { return *authority_; }
  // For those that may outlive this part: gRPC's channels and servers.
  std::shared_ptr<auth::Authority> share() const { return authority_; }

 private:
  AuthorityPart(const Environment& environment, std::shared_ptr<auth::Authority> authority);
  void RefreshLater();

  observe::Logger logger_;
  std::shared_ptr<auth::Authority> authority_;
  asio::steady_timer timer_;
};

}  // namespace confab::app
