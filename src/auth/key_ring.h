#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/signature_key.h"
#include "base/units.h"

namespace confab::auth {

// One of a deployment's own keys.
struct OwnKey {
  std::string id;  // its thumbprint
  SignatureKey key;
  int64_t signs_from_s = 0;    // since the Unix epoch
  std::filesystem::path file;  // where it lies
};

// The keys of a deployment in the order in which they sign, and whose turn it is. Pure: files are
// KeyFolder's. A value that moves.
class KeyRing {
 public:
  // So long before its first signature a key lies there for others to read. Every process reads
  // once a minute; a tenth of that would do.
  static constexpr TimeDelta kPublishedBefore = TimeDelta::Seconds(600);
  // Beyond the last token's expiry: for clocks that differ and processes that read late.
  static constexpr TimeDelta kKeptBeyond = TimeDelta::Seconds(300);

  KeyRing() = default;
  explicit KeyRing(std::vector<OwnKey> keys);

  bool empty() const { return keys_.empty(); }
  const std::vector<OwnKey>& keys() const { return keys_; }
  const OwnKey* Find(std::string_view id) const;

  // The newest private key whose time has come; where the clock is behind all of them, the oldest.
  // nullptr: no private key.
  const OwnKey* SigningKey(int64_t now_s) const;
  // The moment from which the next key must sign, if it has to be made now.
  std::optional<int64_t> NextIsDue(int64_t now_s, TimeDelta rotation) const;
  // Private keys whose last token has expired: their successor signs for longer than a token lives.
  std::vector<const OwnKey*> Over(int64_t now_s) const;
  void Remove(std::string_view id);
  // Leaves the ring empty.
  std::vector<OwnKey> TakeKeys() { return std::exchange(keys_, {}); }

 private:
  std::vector<OwnKey> keys_;  // by signs_from_s, then id
};

}  // namespace confab::auth
