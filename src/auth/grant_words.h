#pragma once

#include <array>
#include <string_view>

#include "auth/claims.h"

namespace confab::auth {

// The one name of each grant, in tokens, in the REST interface, in the join reply and in the
// configuration.
struct GrantWord {
  std::string_view word;
  bool Grants::* field;
};
inline constexpr std::array kGrantWords = {
    GrantWord{"audio", &Grants::audio},      GrantWord{"video", &Grants::video},
    GrantWord{"screen", &Grants::screen},    GrantWord{"chat", &Grants::chat},
    GrantWord{"data", &Grants::data},        GrantWord{"hidden", &Grants::hidden},
    GrantWord{"moderate", &Grants::moderate}};

// nullptr: there is no grant of that name.
constexpr bool Grants::* FindGrant(std::string_view word) {
  for (const GrantWord& each : kGrantWords) {
    if (each.word == word) return each.field;
  }
  return nullptr;
}

}  // namespace confab::auth
