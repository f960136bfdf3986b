#include "sfu/path_table.h"

#include <utility>

namespace confab::sfu {

void PathTable::Set(const rtc::Path& path, Transport& transport) {
  if ((size_ + 1) * 2 > slots_.size()) Rebuild(slots_.size() * 2, nullptr);
  size_t i = Home(path);
  while (slots_[i].transport != nullptr && slots_[i].path != path) i = Next(i);
  if (slots_[i].transport == nullptr) ++size_;
  slots_[i] = {path, &transport};
}

// Moves up what lies behind the gap and would not be found any more (Knuth 6.4, algorithm R).
void PathTable::Remove(const rtc::Path& path) {
  size_t gap = Home(path);
  while (slots_[gap].transport != nullptr && slots_[gap].path != path) gap = Next(gap);
  if (slots_[gap].transport == nullptr) return;
  --size_;
  const auto distance = [this](size_t from, size_t to) {
    return (to - from) & (slots_.size() - 1);
  };
  for (size_t i = Next(gap); slots_[i].transport != nullptr; i = Next(i)) {
    if (distance(Home(slots_[i].path), i) < distance(gap, i)) continue;
    slots_[gap] = slots_[i];
    gap = i;
  }
  slots_[gap] = {};
}

void PathTable::RemoveAll(const Transport& transport) {
  Rebuild(slots_.size(), &transport);
}

void PathTable::Rebuild(size_t slots, const Transport* without) {
  std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots));
  size_ = 0;
  for (const Slot& slot : old) {
    if (slot.transport != nullptr && slot.transport != without) Set(slot.path, *slot.transport);
  }
}

}  // namespace confab::sfu
