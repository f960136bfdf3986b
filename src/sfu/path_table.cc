#include "sfu/path_table.h"

#include <utility>

namespace confab::sfu {

void PathTable::Set(const rtc::Path& path, WebRtcTransport& transport) {
  if ((size_ + 1) * 2 > slots_.size()) Rebuild(slots_.size() * 2, nullptr);
  size_t i = Home(path);
  while (slots_[i].transport != nullptr && slots_[i].path != path) i = Next(i);
  if (slots_[i].transport == nullptr) ++size_;
  slots_[i] = {path, &transport};
}

void PathTable::RemoveAll(const WebRtcTransport& transport) {
  Rebuild(slots_.size(), &transport);
}

void PathTable::Rebuild(size_t slots, const WebRtcTransport* without) {
  std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots));
  size_ = 0;
  for (const Slot& slot : old) {
    if (slot.transport != nullptr && slot.transport != without) Set(slot.path, *slot.transport);
  }
}

}  // namespace confab::sfu
