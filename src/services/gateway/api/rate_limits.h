#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/socket_address.h"
#include "base/token_bucket.h"
#include "base/units.h"

namespace confab::gateway {

// By which name a client's address is counted: one of IPv6 with its neighbours, for whoever has one
// has a /64 (RFC 4291 §2.5.4).
std::string NameOfAddress(const SocketAddress& client);

// How many requests each of many callers may make: a token bucket for a name (an address, a key).
// Pure. Remembers at most `max_names`; beyond, the one that was quiet for longest is forgotten, so
// that a flood of names costs memory no more than that.
class RateLimits {
 public:
  struct Options {
    int64_t per_second = 10;
    int64_t burst = 40;
    size_t max_names = 50'000;
  };

  explicit RateLimits(Options options) : options_(options) {}

  // Takes one; where there is none left, how long until there is.
  std::optional<TimeDelta> Take(std::string_view name, Timestamp now);

  size_t size() const { return order_.size(); }

 private:
  struct Entry {
    std::string name;
    TokenBucket bucket;
  };

  Options options_;
  std::list<Entry> order_;  // the most recent first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_name_;  // of order_'s names
};

}  // namespace confab::gateway
