#include "auth/revocations.h"

#include <fmt/format.h>

namespace confab::auth {

void Revocations::Add(std::string_view subject, int64_t expires_at_s, int64_t now_s) {
  Forget(now_s);
  if (expires_at_s <= now_s) return;
  std::string name(subject);
  const auto known = expiries_.find(name);
  if (known != expiries_.end()) {
    if (known->second >= expires_at_s) return;
    order_.erase({known->second, name});
    expiries_.erase(known);
  }
  if (expiries_.size() >= max_subjects_) RemoveFirst();
  order_.emplace(expires_at_s, name);
  expiries_.emplace(std::move(name), expires_at_s);
}

bool Revocations::Has(std::string_view subject, int64_t now_s) const {
  const auto found = expiries_.find(std::string(subject));
  return found != expiries_.end() && now_s < found->second;
}

void Revocations::Forget(int64_t now_s) {
  while (!order_.empty() && now_s >= order_.begin()->first) RemoveFirst();
}

void Revocations::RemoveFirst() {
  if (order_.empty()) return;
  expiries_.erase(order_.begin()->second);
  order_.erase(order_.begin());
}

std::string ResumeSubject(std::string_view room, std::string_view participant) {
  return fmt::format("resume:{}/{}", room, participant);
}

}  // namespace confab::auth
