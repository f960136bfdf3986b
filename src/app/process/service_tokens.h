#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "rpc/token.h"

namespace confab::app {

// The service tokens of this process: one that goes with its own calls, and the check of those that
// come with others'. Thread-safe. What it gives out may outlive it.
class ServiceTokens {
 public:
  // A token that was verified is not verified again until it expires, if there are no more than so
  // many: a signature costs more than the call that it admits.
  static constexpr size_t kMaxRemembered = 256;
  // A new token for our calls, well before the old one expires.
  static constexpr int64_t kRenewAfterS = 120;

  // `folder` holds the keys that all processes share; `service` and `instance` are this process's.
  // Error: kInvalidConfiguration, what is wrong with the folder.
  static Result<std::unique_ptr<ServiceTokens>> Open(std::filesystem::path folder,
                                                     std::string service, std::string instance);

  rpc::TokenSource Source() const;
  // Admits these services alone.
  rpc::TokenCheck Check(std::vector<std::string> services) const;
  // To be called once a minute: keys come and go. Error: what is known stays in use.
  Result<void> Refresh();

 private:
  class State;
  explicit ServiceTokens(std::shared_ptr<State> state) : state_(std::move(state)) {}

  // Shared with the channels and servers that it was given to.
  std::shared_ptr<State> state_;
};

}  // namespace confab::app
