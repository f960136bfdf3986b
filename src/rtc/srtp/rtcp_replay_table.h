#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "rtc/srtp/replay_window.h"
#include "rtc/types.h"

namespace confab::rtc {

// From each sender of SRTCP to its replay window. A receiver may report under an ssrc of its own
// for every stream that it was ever sent, as Firefox does. Sorted by ssrc; allocates with new
// senders alone.
//
// None gives way to another: what it had said before could be played again (RFC 3711 §3.3.2).
class RtcpReplayTable {
 public:
  // As many as there may be streams in the life of an association (SrtpSendState), 40 octets each.
  // At the limit new senders are refused.
  static constexpr size_t kMaxSenders = 8192;

  bool full() const { return entries_.size() == kMaxSenders; }
  const RtcpReplayWindow* Find(Ssrc sender) const {
    const size_t i = PlaceOf(sender);
    return IsAt(i, sender) ? &entries_[i].window : nullptr;
  }
  // Marks the index as seen and makes the entry if there is none. False when the index is not fresh
  // or the table is full.
  [[nodiscard]] bool Commit(Ssrc sender, uint32_t index) {
    const size_t i = PlaceOf(sender);
    if (IsAt(i, sender)) return entries_[i].window.Commit(index);
    if (full()) return false;
    const auto made = entries_.insert(At(i), Entry{.sender = sender, .window = {}});
    return made->window.Commit(index);
  }
  void Remove(Ssrc sender) {
    const size_t i = PlaceOf(sender);
    if (IsAt(i, sender)) entries_.erase(At(i));
  }

 private:
  struct Entry {
    Ssrc sender;
    RtcpReplayWindow window;
  };

  // Where it stands, or would.
  size_t PlaceOf(Ssrc sender) const {
    const auto found = std::ranges::lower_bound(entries_, sender, {}, &Entry::sender);
    return static_cast<size_t>(found - entries_.begin());
  }
  bool IsAt(size_t i, Ssrc sender) const {
    return i < entries_.size() && entries_[i].sender == sender;
  }
  std::vector<Entry>::iterator At(size_t i) { return entries_.begin() + static_cast<ptrdiff_t>(i); }

  std::vector<Entry> entries_;
};

}  // namespace confab::rtc
