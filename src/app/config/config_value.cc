#include "app/config/config_value.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace confab::app {
namespace {

std::optional<int64_t> ParseInteger(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return {};
  return value;
}

std::optional<bool> ParseBool(std::string_view text) {
  if (text == "true" || text == "1" || text == "yes" || text == "on") return true;
  if (text == "false" || text == "0" || text == "no" || text == "off") return false;
  return {};
}

// "a, b" as two items; empty items are left out.
std::vector<std::string> SplitList(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    std::string_view item = text.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) items.emplace_back(item);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return items;
}

// The input as the type of a field; nothing where it is another.
template <typename T>
std::optional<T> As(const ConfigInput& input, InputForm form) {
  if (const T* typed = std::get_if<T>(&input)) return *typed;
  const auto* text = std::get_if<std::string>(&input);
  if (!text || form == InputForm::kTyped) return {};
  if constexpr (std::is_same_v<T, bool>) return ParseBool(*text);
  if constexpr (std::is_same_v<T, int64_t>) return ParseInteger(*text);
  if constexpr (std::is_same_v<T, std::vector<std::string>>) return SplitList(*text);
  return {};
}

bool IsChoice(std::string_view choices, std::string_view value) {
  const std::string framed = fmt::format("|{}|", choices);
  return !value.empty() && value.find('|') == std::string_view::npos &&
         framed.find(fmt::format("|{}|", value)) != std::string::npos;
}

// Sets one kind of field; false where the input does not fit.
struct Assign {
  const ConfigKey& key;
  const ConfigInput& input;
  InputForm form;

  bool InRange(int64_t number) const { return number >= key.min && number <= key.max; }

  bool operator()(bool* field) const {
    const auto value = As<bool>(input, form);
    if (value) *field = *value;
    return value.has_value();
  }
  bool operator()(int64_t* field) const {
    const auto value = As<int64_t>(input, form);
    if (!value || !InRange(*value)) return false;
    *field = *value;
    return true;
  }
  bool operator()(TimeDelta* field) const {
    const auto value = As<int64_t>(input, form);
    if (!value || !InRange(*value)) return false;
    *field = TimeDelta::Millis(*value);
    return true;
  }
  bool operator()(std::string* field) const {
    const auto value = As<std::string>(input, form);
    if (!value || (!key.choices.empty() && !IsChoice(key.choices, *value))) return false;
    *field = *value;
    return true;
  }
  bool operator()(std::vector<std::string>* field) const {
    auto value = As<std::vector<std::string>>(input, form);
    if (!value) return false;
    *field = std::move(*value);
    return true;
  }
};

std::string Quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

// "user:password@", with or without the rest of a URL; "5000/5001@region" is none.
bool MayHoldPassword(std::string_view text) {
  const size_t at = text.rfind('@');
  if (at == std::string_view::npos) return false;
  if (text.find("://") < at) return true;
  const size_t colon = text.rfind(':', at);
  return colon != std::string_view::npos && text.find('/', colon) > at;
}

std::string QuoteUnlessSecret(std::string_view text) {
  return MayHoldPassword(text) ? std::string(kHiddenValue) : Quote(text);
}

struct ToToml {
  std::string (*quote)(std::string_view) = Quote;

  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(int64_t value) const { return std::to_string(value); }
  std::string operator()(TimeDelta value) const { return std::to_string(value.ms()); }
  std::string operator()(const std::string& value) const { return quote(value); }
  std::string operator()(const std::vector<std::string>& items) const {
    std::string out;
    for (const std::string& item : items) out += (out.empty() ? "" : ", ") + quote(item);
    return "[" + out + "]";
  }
};

}  // namespace

std::string ConfigProblem::ToString() const {
  return fmt::format("{} = {} ({}) cannot be used: {}.", key, value, source, fix);
}

std::string SetConfigValue(Config& config, const ConfigKey& key, const ConfigInput& input,
                           InputForm form) {
  const bool is_set = std::visit(Assign{key, input, form}, key.field(config));
  return is_set ? "" : "give " + key.expected();
}

std::string ShowInput(const ConfigInput& input) {
  return std::visit(ToToml{.quote = QuoteUnlessSecret}, input);
}

std::string ShowInputFor(const ConfigKey* key, const ConfigInput& input) {
  const bool is_hidden =
      key == nullptr || key->name == "store.url" || key->name.ends_with("redis_url");
  return is_hidden ? std::string(kHiddenValue) : ShowInput(input);
}

std::string FieldAsToml(const Config& config, const ConfigKey& key) {
  Config copy = config;
  return std::visit([](const auto* field) { return ToToml()(*field); }, key.field(copy));
}

}  // namespace confab::app
