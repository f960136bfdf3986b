#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace confab {

// Text form of 16 random bytes: 26 characters of a-z and 2-7 (RFC 4648 base32, lower case, without
// padding). Safe in URLs, logs, SDP and Prometheus labels.
std::string EncodeId(const std::array<uint8_t, 16>& bytes);
std::optional<std::array<uint8_t, 16>> DecodeId(std::string_view text);

// A 128-bit opaque identity. Tag keeps a room from being used as a participant. A value; compares
// bytewise; the default value is "none".
template <typename Tag>
class Id {
 public:
  Id() = default;
  explicit Id(const std::array<uint8_t, 16>& bytes) : bytes_(bytes) {}

  static Id Random(RandomSource& random) {
    Id id;
    random.Fill(id.bytes_);
    return id;
  }
  // Nothing but what ToString gives is accepted.
  static std::optional<Id> Parse(std::string_view text) {
    const auto bytes = DecodeId(text);
    return bytes ? std::optional(Id(*bytes)) : std::nullopt;
  }

  std::string ToString() const { return EncodeId(bytes_); }
  const std::array<uint8_t, 16>& bytes() const { return bytes_; }
  auto operator<=>(const Id&) const = default;

 private:
  std::array<uint8_t, 16> bytes_{};
};

}  // namespace confab

template <typename Tag>
struct std::hash<confab::Id<Tag>> {
  // The bytes are random already.
  size_t operator()(const confab::Id<Tag>& id) const noexcept {
    size_t value = 0;
    for (size_t i = 0; i < sizeof(value); ++i) value = value << 8 | id.bytes()[i];
    return value;
  }
};
