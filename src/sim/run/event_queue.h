#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/units.h"

namespace confab::sim {

// What will happen, by virtual time; what happens at the same time comes in the order in which it
// was added. A heap on a vector: nothing in it depends on addresses or hashes.
template <typename Event>
class EventQueue {
 public:
  void Add(Timestamp at, Event event) {
    heap_.push_back({at, order_++, std::move(event)});
    std::ranges::push_heap(heap_, IsLater);
  }
  bool empty() const { return heap_.empty(); }
  size_t size() const { return heap_.size(); }
  // Never when empty.
  Timestamp next() const { return heap_.empty() ? Timestamp::Never() : heap_.front().at; }
  // The next event; not when empty.
  Event Take() {
    DCHECK(!heap_.empty());
    std::ranges::pop_heap(heap_, IsLater);
    Event event = std::move(heap_.back().event);
    heap_.pop_back();
    return event;
  }

 private:
  struct Entry {
    Timestamp at;
    uint64_t order;
    Event event;
  };
  static bool IsLater(const Entry& a, const Entry& b) {
    return a.at != b.at ? a.at > b.at : a.order > b.order;
  }
  std::vector<Entry> heap_;
  uint64_t order_ = 0;
};

}  // namespace confab::sim
