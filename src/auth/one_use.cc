#include "auth/one_use.h"

namespace confab::auth {

OneUse::OneUse(TimeDelta clock_skew, size_t max_ids)
    : clock_skew_s_(clock_skew.us() / 1'000'000), max_ids_(max_ids) {}

OneUse::Use OneUse::Take(std::string_view token_id, int64_t expires_at_s, int64_t now_s) {
  Forget(now_s);
  std::string id(token_id);
  if (expiries_.contains(id)) return Use::kAgain;
  if (expiries_.size() >= max_ids_) return Use::kFull;
  order_.emplace(expires_at_s, id);
  expiries_.emplace(std::move(id), expires_at_s);
  return Use::kFirst;
}

void OneUse::Release(std::string_view token_id) {
  const auto found = expiries_.find(std::string(token_id));
  if (found == expiries_.end()) return;
  order_.erase({found->second, found->first});
  expiries_.erase(found);
}

void OneUse::Forget(int64_t now_s) {
  // As long as Authority would accept it.
  while (!order_.empty() && now_s >= order_.begin()->first + clock_skew_s_) {
    expiries_.erase(order_.begin()->second);
    order_.erase(order_.begin());
  }
}

}  // namespace confab::auth
