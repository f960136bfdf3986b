#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "auth/authority.h"

namespace confab::auth {

// An authority whose keys lie in a folder of its own, gone with it.
class TemporaryAuthority {
 public:
  // By the clock of the machine.
  TemporaryAuthority();
  explicit TemporaryAuthority(int64_t now_s);
  ~TemporaryAuthority();
  TemporaryAuthority(const TemporaryAuthority&) = delete;
  TemporaryAuthority& operator=(const TemporaryAuthority&) = delete;

  Authority& authority() { return *authority_; }
  Authority* operator->() { return authority_.get(); }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<Authority> authority_;
};

}  // namespace confab::auth
