#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "app/config/config_keys.h"

namespace confab::app {

// A value that cannot be used, in the words of the person who has to correct it.
struct ConfigProblem {
  std::string key;
  std::string value;   // as it was given
  std::string source;  // "confab.toml, line 3", "environment variable CONFAB_GATEWAY_PORT", …
  std::string fix;     // one sentence without a full stop

  // "gateway.port = "x" (flag --port) cannot be used: give a whole number from 1 to 65535."
  std::string ToString() const;
};

// What a source gives: text from flags and the environment, typed values from a file.
using ConfigInput = std::variant<bool, int64_t, std::string, std::vector<std::string>>;

// How strict a source is: text is read as what the key wants, a file's types must be right.
enum class InputForm : uint8_t { kText, kTyped };

// Sets the key's field of `config`, or says what is wrong and leaves it. Returns "" or the fix.
std::string SetConfigValue(Config& config, const ConfigKey& key, const ConfigInput& input,
                           InputForm form);

// The input as a person wrote it, for problems.
std::string ShowInput(const ConfigInput& input);
// The field's value as TOML: 4000, "auto", ["192.0.2.1"].
std::string FieldAsToml(const Config& config, const ConfigKey& key);

}  // namespace confab::app
