#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "auth/key_ring.h"
#include "base/error.h"

namespace confab::auth {

// The folder of a deployment's keys: files *.jwk, one JWK each (RFC 7517), private ones with mode
// 0600. "nbf" in it is the moment from which it signs. What confab makes is called key-N.jwk with a
// growing N, and a name is given once: of two processes that make the next key at the same moment
// one does, and the other reads it. Files without "d" verify only; they are the operator's and are
// never removed.
class KeyFolder {
 public:
  static constexpr size_t kMaxKeys = 64;
  static constexpr size_t kMaxFileBytes = 16 * 1024;

  explicit KeyFolder(std::filesystem::path path) : path_(std::move(path)) {}

  // Every key that can be read, and what was wrong with the first that cannot: others can read or
  // change it, it is no key, or there are more than kMaxKeys.
  struct Contents {
    std::vector<OwnKey> keys;
    uint64_t last_number = 0;  // the largest N of the names key-N.jwk; 0: there is none
    Result<void> problem;
  };
  Contents Read() const;

  // Makes key-`number`.jwk, which signs from then on, unless it exists. `number` is one more than
  // the last_number of what was read when the key was found to be missing: another process may have
  // made it since. Error kInvalidConfiguration: it cannot be written.
  Result<void> Make(uint64_t number, int64_t signs_from_s) const;
  // Removes the key's file; one that is gone already is fine.
  void Remove(const OwnKey& key) const;

 private:
  std::filesystem::path path_;
};

}  // namespace confab::auth
