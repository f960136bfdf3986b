#include "rtc/ice/ice_path_table.h"

#include <algorithm>

namespace confab::rtc {

const IcePath* IcePathTable::Find(const Path& path) const {
  const auto all = paths();
  const auto it = std::ranges::find(all, path, &IcePath::path);
  return it == all.end() ? nullptr : &*it;
}

void IcePathTable::Touch(Timestamp now, const Path& path, uint32_t priority,
                         const std::optional<Path>& keep) {
  const auto begin = paths_.begin();
  auto end = begin + static_cast<std::ptrdiff_t>(count_);
  auto slot = std::ranges::find(begin, end, path, &IcePath::path);
  if (slot == end && count_ < kMaxPaths) {
    ++count_;
  } else if (slot == end) {
    slot = std::ranges::min_element(begin, end, {}, [&keep](const IcePath& candidate) {
      return candidate.path == keep ? Timestamp::Never() : candidate.last_check;
    });
  }
  *slot = {.path = path, .last_check = now, .priority = priority};
}

void IcePathTable::RemoveOlderThan(Timestamp limit) {
  for (size_t i = count_; i-- > 0;) {
    if (paths_[i].last_check < limit) RemoveAt(i);
  }
}

void IcePathTable::RemoveLocal(LocalSocket local) {
  for (size_t i = count_; i-- > 0;) {
    if (paths_[i].path.local == local) RemoveAt(i);
  }
}

void IcePathTable::RemoveAt(size_t index) {
  std::copy(paths_.begin() + static_cast<std::ptrdiff_t>(index) + 1,
            paths_.begin() + static_cast<std::ptrdiff_t>(count_),
            paths_.begin() + static_cast<std::ptrdiff_t>(index));
  --count_;
}

const IcePath* IcePathTable::Freshest() const {
  const auto all = paths();
  const auto it = std::ranges::max_element(all, {}, &IcePath::last_check);
  return it == all.end() ? nullptr : &*it;
}

Timestamp IcePathTable::OldestCheck() const {
  Timestamp oldest = Timestamp::Never();
  for (const IcePath& path : paths()) oldest = std::min(oldest, path.last_check);
  return oldest;
}

}  // namespace confab::rtc
