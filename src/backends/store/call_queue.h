#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "backends/store/database.h"
#include "backends/store/limits.h"

namespace confab::store {

// The calls that wait for their turn at a database, kMaxWaitingCalls at most.
template <typename Call>
class CallQueue {
 public:
  using Pointer = std::shared_ptr<Call>;

  // What had to give way for it: nothing, the call itself, or one that came in order.
  [[nodiscard]] Pointer Add(Pointer call, Turn turn) {
    (turn == Turn::kNext ? next_ : in_order_).push_back(std::move(call));
    if (size() <= kMaxWaitingCalls) return nullptr;
    std::deque<Pointer>& least = in_order_.empty() ? next_ : in_order_;
    Pointer out = std::move(least.back());
    least.pop_back();
    return out;
  }
  // Of a queue that is not empty.
  Pointer TakeFirst() {
    std::deque<Pointer>& first = next_.empty() ? in_order_ : next_;
    Pointer call = std::move(first.front());
    first.pop_front();
    return call;
  }
  std::vector<Pointer> TakeAll() {
    std::vector<Pointer> all;
    while (!empty()) all.push_back(TakeFirst());
    return all;
  }
  // False: it is not here.
  bool Remove(const Pointer& call) {
    return std::erase(next_, call) + std::erase(in_order_, call) > 0;
  }
  bool empty() const { return size() == 0; }
  size_t size() const { return next_.size() + in_order_.size(); }

 private:
  std::deque<Pointer> next_;
  std::deque<Pointer> in_order_;
};

}  // namespace confab::store
