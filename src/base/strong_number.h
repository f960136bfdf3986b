#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace confab {

// A number that does not mix with other numbers: `struct SsrcTag; using Ssrc =
// StrongNumber<SsrcTag, uint32_t>;`. No arithmetic: a protocol number is a name.
template <typename Tag, typename T>
class StrongNumber {
 public:
  using Value = T;
  constexpr StrongNumber() = default;
  explicit constexpr StrongNumber(T value) : value_(value) {}

  constexpr T value() const { return value_; }
  constexpr auto operator<=>(const StrongNumber&) const = default;

 private:
  T value_{};
};

}  // namespace confab

template <typename Tag, typename T>
struct std::hash<confab::StrongNumber<Tag, T>> {
  size_t operator()(confab::StrongNumber<Tag, T> number) const noexcept {
    return std::hash<T>{}(number.value());
  }
};
