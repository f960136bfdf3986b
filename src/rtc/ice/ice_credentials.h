#pragma once

#include <cstddef>
#include <string>

#include "base/random.h"

namespace confab::rtc {

// Short-term credentials of one agent (RFC 8445 §5.3): ice-char is ALPHA, DIGIT, "+" or "/".
struct IceCredentials {
  // RFC 8445 §5.3 asks for 4 and 22 characters at least. The I/O layer finds sessions by ufrag
  // alone: 72 bits make a collision within a node negligible.
  static constexpr size_t kUfragSize = 12;
  static constexpr size_t kPasswordSize = 24;

  std::string ufrag;
  std::string password;

  static IceCredentials Random(RandomSource& random);
  bool operator==(const IceCredentials&) const = default;
};

}  // namespace confab::rtc
