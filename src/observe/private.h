#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

namespace confab::observe {

// Something about a person: a name, an address, a token, a message. Logs show a pseudonym in its
// place, decided by this type and not by whoever writes the log line. Holds the value itself; what
// needs it says Reveal(), which is easy to find in a review.
template <typename T>
class Private {
 public:
  Private() = default;
  explicit Private(T value) : value_(std::move(value)) {}

  const T& Reveal() const { return value_; }
  bool operator==(const Private&) const = default;

 private:
  T value_{};
};

template <typename T>
concept HasToString = requires(const T& value) {
  { value.ToString() } -> std::convertible_to<std::string>;
};

// "private:3fa9c1d2e5b6", the same for the same text while the program runs, so that lines can be
// joined; keyed with a secret made at the start of the program, so that it cannot be looked up in a
// list of names. "" for "".
std::string Pseudonym(std::string_view text);

template <typename T>
std::string PseudonymOf(const Private<T>& secret) {
  if constexpr (HasToString<T>) {
    return Pseudonym(secret.Reveal().ToString());
  } else {
    return Pseudonym(std::string_view(secret.Reveal()));
  }
}

}  // namespace confab::observe
