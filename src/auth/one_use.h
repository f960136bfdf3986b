#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/units.h"

namespace confab::auth {

// The ids of join tokens that were used and could be shown again, so that each admits once.
// Bounded: when it is full a new token is refused, and none is forgotten before it has expired. Of
// one instance alone; lives on one thread.
class OneUse {
 public:
  // 250 octets each at most, 25 MB; more joins in ten minutes than one machine carries.
  static constexpr size_t kMaxIds = 100'000;

  enum class Use : uint8_t {
    kFirst,
    kAgain,
    kFull,  // the registry is: try again later
  };

  // `clock_skew`: so long after its expiry a token is still accepted (Authority::Options).
  explicit OneUse(TimeDelta clock_skew, size_t max_ids = kMaxIds);

  // Notes the use of a token that verified. Times are seconds since the Unix epoch.
  Use Take(std::string_view token_id, int64_t expires_at_s, int64_t now_s);
  // The use came to nothing, for example because the room was full: the token may be used again.
  // Only for whom Take said kFirst.
  void Release(std::string_view token_id);
  size_t size() const { return expiries_.size(); }

 private:
  void Forget(int64_t now_s);

  int64_t clock_skew_s_;
  size_t max_ids_;
  std::unordered_map<std::string, int64_t> expiries_;  // by id
  std::set<std::pair<int64_t, std::string>> order_;    // the same, by expiry
};

}  // namespace confab::auth
