#include "services/gateway/api/rate_limits.h"

namespace confab::gateway {

std::optional<TimeDelta> RateLimits::Take(std::string_view name, Timestamp now) {
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) {
    order_.splice(order_.begin(), order_, found->second);
    return order_.front().bucket.Take(now);
  }
  if (order_.size() >= options_.max_names) {
    by_name_.erase(order_.back().name);
    order_.pop_back();
  }
  order_.push_front({std::string(name), TokenBucket(options_.per_second, options_.burst)});
  by_name_.emplace(order_.front().name, order_.begin());
  return order_.front().bucket.Take(now);
}

}  // namespace confab::gateway
