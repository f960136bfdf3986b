#include "auth/key_ring.h"

#include <algorithm>
#include <tuple>

#include "auth/limits.h"
#include "auth/unix_time.h"

namespace confab::auth {

KeyRing::KeyRing(std::vector<OwnKey> keys) : keys_(std::move(keys)) {
  // Of one key that lies there twice, the private one.
  std::ranges::sort(keys_, {}, [](const OwnKey& key) {
    return std::tuple(std::string_view(key.id), !key.key.can_sign());
  });
  const auto same = std::ranges::unique(keys_, {}, &OwnKey::id);
  keys_.erase(same.begin(), same.end());
  // By id too, so that all processes choose the same one of two that were made at the same moment.
  std::ranges::sort(keys_, {}, [](const OwnKey& key) {
    return std::tuple(key.signs_from_s, std::string_view(key.id));
  });
}

const OwnKey* KeyRing::Find(std::string_view id) const {
  const auto found = std::ranges::find(keys_, id, &OwnKey::id);
  return found == keys_.end() ? nullptr : &*found;
}

const OwnKey* KeyRing::SigningKey(int64_t now_s) const {
  const OwnKey* chosen = nullptr;
  for (const OwnKey& key : keys_) {
    if (!key.key.can_sign()) continue;
    if (chosen == nullptr || key.signs_from_s <= now_s) chosen = &key;
  }
  return chosen;
}

std::optional<int64_t> KeyRing::NextIsDue(int64_t now_s, TimeDelta rotation) const {
  const int64_t soonest = now_s + SecondsOf(kPublishedBefore);
  int64_t next = soonest;
  for (const OwnKey& key : keys_) {
    // A key of a far future was made by a clock that was wrong: it must not stop the rotation.
    if (!key.key.can_sign() || key.signs_from_s > soonest + SecondsOf(rotation)) continue;
    next = std::max(soonest, key.signs_from_s + SecondsOf(rotation));
  }
  return next > soonest ? std::nullopt : std::optional(next);
}

std::vector<const OwnKey*> KeyRing::Over(int64_t now_s) const {
  std::vector<const OwnKey*> over;
  const OwnKey* last = nullptr;
  for (const OwnKey& key : keys_) {
    if (!key.key.can_sign()) continue;
    const int64_t last_expiry = key.signs_from_s + SecondsOf(kMaxTokenLifetime + kKeptBeyond);
    if (last != nullptr && last_expiry < now_s) over.push_back(last);
    last = &key;
  }
  return over;
}

void KeyRing::Remove(std::string_view id) {
  std::erase_if(keys_, [id](const OwnKey& key) { return key.id == id; });
}

}  // namespace confab::auth
