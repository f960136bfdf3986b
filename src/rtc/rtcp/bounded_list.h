#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>

#include "base/check.h"

namespace confab::rtc {

// A list of at most N items that lives in place: for the counted lists of RTCP packets.
template <typename T, size_t N>
class BoundedList {
 public:
  static constexpr size_t kCapacity = N;

  BoundedList() = default;
  // At most N items; more is a mistake of the program.
  BoundedList(std::initializer_list<T> items) {
    CHECK(items.size() <= N);
    for (const T& item : items) (void)Add(item);
  }

  // False, and nothing changes, when full.
  [[nodiscard]] bool Add(const T& item) {
    if (size_ == N) return false;
    items_[size_++] = item;
    return true;
  }
  void Clear() { size_ = 0; }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == N; }
  const T& operator[](size_t i) const { return items_[i]; }
  T& operator[](size_t i) { return items_[i]; }
  const T* begin() const { return items_.data(); }
  const T* end() const { return items_.data() + size_; }
  std::span<const T> span() const { return {items_.data(), size_}; }

  bool operator==(const BoundedList& other) const {
    return std::equal(begin(), end(), other.begin(), other.end());
  }

 private:
  size_t size_ = 0;
  std::array<T, N> items_{};
};

}  // namespace confab::rtc
