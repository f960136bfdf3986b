#pragma once

#include <cstdint>
#include <vector>

#include "rtc/types.h"

namespace confab::sfu {

class Transport;

// Which transport a datagram belongs to, by the path it came over: an open-addressing table with
// linear probing, asked once per received datagram. Holds only paths that ICE has validated, so
// strangers cannot fill it. One per worker.
class PathTable {
 public:
  PathTable() : slots_(kInitialSlots) {}

  Transport* Find(const rtc::Path& path) const {
    for (size_t i = Home(path);; i = Next(i)) {
      if (slots_[i].transport == nullptr) return nullptr;
      if (slots_[i].path == path) return slots_[i].transport;
    }
  }
  // A path that another transport had before (an address that was given to someone else) moves.
  void Set(const rtc::Path& path, Transport& transport);
  void Remove(const rtc::Path& path);
  void RemoveAll(const Transport& transport);
  size_t size() const { return size_; }

 private:
  static constexpr size_t kInitialSlots = 1024;  // a power of two
  struct Slot {
    rtc::Path path;
    Transport* transport = nullptr;
  };
  size_t Home(const rtc::Path& path) const {
    return (path.remote.hash() ^ (path.local.value() * 0x9e3779b9u)) & (slots_.size() - 1);
  }
  size_t Next(size_t i) const { return (i + 1) & (slots_.size() - 1); }
  void Rebuild(size_t slots, const Transport* without);

  std::vector<Slot> slots_;
  size_t size_ = 0;
};

}  // namespace confab::sfu
