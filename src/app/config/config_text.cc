#include "app/config/config_text.h"

#include <fmt/format.h>

#include "app/config/config_value.h"

namespace confab::app {
namespace {

constexpr size_t kCommentWidth = 98;

// `text` in lines of at most kCommentWidth characters, each after "# ".
std::string Comment(std::string text) {
  std::string out;
  while (text.size() > kCommentWidth) {
    const size_t space = text.rfind(' ', kCommentWidth);
    if (space == std::string::npos) break;
    out += "# " + text.substr(0, space) + "\n";
    text = text.substr(space + 1);
  }
  return out + "# " + text + "\n";
}

std::string Code(std::string_view text) {
  return text.empty() ? std::string("–") : fmt::format("`{}`", text);
}

}  // namespace

std::string ConfigAsToml(const Config& config) {
  std::string out = "# confab's configuration: every key with its value.\n";
  std::string_view section;
  for (const ConfigKey& key : ConfigKeys()) {
    if (key.section() != section) {
      section = key.section();
      out += fmt::format("\n[{}]\n", section);
    } else {
      out += "\n";
    }
    out += Comment(fmt::format("{} ({}).", key.help, key.expected()));
    out += fmt::format("{} = {}\n", key.key(), FieldAsToml(config, key));
  }
  return out;
}

std::string ConfigAsMarkdown() {
  std::string out =
      "| key | flag | environment | default | may be | what it does |\n|---|---|---|---|---|---|\n";
  const Config defaults;
  for (const ConfigKey& key : ConfigKeys()) {
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", Code(key.name), Code(key.flag),
                       Code(key.environment_name()), Code(FieldAsToml(defaults, key)),
                       key.expected(), key.help);
  }
  return out;
}

}  // namespace confab::app
