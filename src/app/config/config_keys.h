#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/config/config.h"

namespace confab::app {

// Where a key's value lives. TimeDelta is written in milliseconds.
using FieldPointer =
    std::variant<bool*, int64_t*, TimeDelta*, std::string*, std::vector<std::string>*>;

// One row of the table from which the configuration file's reader, the environment, the flags,
// `confab config print` and docs/configuration.md come.
struct ConfigKey {
  std::string_view name;  // "section.key", or "key" at the top of the file
  std::string_view flag;  // "--port"; "" where there is none
  std::string_view help;  // one sentence, without a full stop
  FieldPointer (*field)(Config&);
  int64_t min = 0;  // numbers and durations in ms
  int64_t max = 0;
  std::string_view choices;  // "a|b|c" where only these are allowed

  std::string_view section() const;
  std::string_view key() const;
  // CONFAB_SECTION_KEY.
  std::string environment_name() const;
  // What may be given, for people: "a whole number from 1 to 65535".
  std::string expected() const;
  bool is_flag_without_value() const;  // of type bool
  bool is_list() const;
};

std::span<const ConfigKey> ConfigKeys();
const ConfigKey* FindConfigKey(std::string_view name);
// The known name that a mistyped one probably meant.
std::optional<std::string_view> NearestConfigKey(std::string_view name);

}  // namespace confab::app
