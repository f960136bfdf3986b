#include "app/config/config_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <optional>

namespace confab::app {
namespace {

std::string SourceOf(const std::string& path, const toml::node& node) {
  return fmt::format("{}, line {}", path, node.source().begin.line);
}

// Nothing for what no key takes: dates, floating point, mixed lists.
std::optional<ConfigInput> ToInput(const toml::node& node) {
  if (const auto value = node.value_exact<bool>()) return *value;
  if (const auto value = node.value_exact<int64_t>()) return *value;
  if (const auto value = node.value_exact<std::string>()) return *value;
  const toml::array* array = node.as_array();
  if (!array) return {};
  std::vector<std::string> items;
  for (const toml::node& item : *array) {
    const auto text = item.value_exact<std::string>();
    if (!text) return {};
    items.push_back(*text);
  }
  return items;
}

std::string UnknownKeyFix(const std::string& name) {
  const auto nearest = NearestConfigKey(name);
  if (nearest) return fmt::format("there is no such key; {} is probably meant", *nearest);
  return "there is no such key; `confab config print` lists them";
}

void ApplyValue(const std::string& path, const std::string& name, const toml::node& node,
                LoadedConfig& loaded) {
  const auto input = ToInput(node);
  const ConfigKey* key = FindConfigKey(name);
  const std::string shown = input ? ShowInputFor(key, *input) : "a value of another type";
  if (!key) {
    loaded.problems.push_back({name, shown, SourceOf(path, node), UnknownKeyFix(name)});
    return;
  }
  std::string fix = input ? SetConfigValue(loaded.config, *key, *input, InputForm::kTyped)
                          : "give " + key->expected();
  if (!fix.empty()) {
    loaded.problems.push_back({name, shown, SourceOf(path, node), std::move(fix)});
  }
}

// Depth is at most three in a valid file; toml++ bounds the nesting of any other.
void ApplyTable(const std::string& path, const std::string& prefix, const toml::table& table,
                LoadedConfig& loaded) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (const toml::table* inner = node.as_table()) {
      ApplyTable(path, name + ".", *inner, loaded);
    } else {
      ApplyValue(path, name, node, loaded);
    }
  }
}

}  // namespace

void ApplyConfigFile(const std::string& path, LoadedConfig& loaded) {
  try {
    ApplyTable(path, "", toml::parse_file(path), loaded);
  } catch (const toml::parse_error& error) {
    loaded.problems.push_back(
        {"--config", "\"" + path + "\"",
         fmt::format("line {}, column {}", error.source().begin.line, error.source().begin.column),
         fmt::format("it is not TOML or cannot be read: {}", error.description())});
  }
}

}  // namespace confab::app
