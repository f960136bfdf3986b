#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace confab::store {

// One step of the schema, from its predecessor's state. What was released is never changed: a
// mistake is mended by the next one. The statements are understood by SQLite and PostgreSQL, and
// leave tables usable for the release before, whose processes run on while the first of the new
// ones migrates.
struct Migration {
  int64_t number = 0;  // 1, 2, 3, …
  std::string_view name;
  std::span<const std::string_view> statements;
};

// All of this program, in order.
std::span<const Migration> Migrations();

}  // namespace confab::store
