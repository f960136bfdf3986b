#pragma once

#include <cstdint>
#include <string>
#include <string_view>
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

// In problems, in the place of a value that may hold a secret.
inline constexpr std::string_view kHiddenValue = "\"…\"";
// The input as a person wrote it, for problems; a text with a name and a password before an @ is
// hidden.
std::string ShowInput(const ConfigInput& input);
// The same for what was given for a key. Hidden where there is none (nullptr), for it may be a
// secret that has its place elsewhere, and where the key's values may hold a password.
std::string ShowInputFor(const ConfigKey* key, const ConfigInput& input);
// The field's value as TOML: 4000, "auto", ["192.0.2.1"].
std::string FieldAsToml(const Config& config, const ConfigKey& key);

}  // namespace confab::app
