#include "client/testing/options.h"

#include <charconv>

namespace confab::client {
namespace {

template <typename Number>
Number NumberIn(std::string_view text, Number otherwise) {
  std::from_chars(text.data(), text.data() + text.size(), otherwise);
  return otherwise;
}

}  // namespace

std::string_view Options::Text(std::string_view name, std::string_view otherwise) const {
  const std::string begin = "--" + std::string(name) + "=";
  for (int i = 2; i < argc_; ++i) {
    const std::string_view argument(argv_[i]);
    if (argument.starts_with(begin)) return argument.substr(begin.size());
  }
  return otherwise;
}

uint32_t Options::Number(std::string_view name, uint32_t otherwise) const {
  return NumberIn<uint32_t>(Text(name), otherwise);
}

std::optional<SocketAddress> Options::Address(std::string_view name) const {
  const std::string_view text = Text(name);
  const size_t colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  return SocketAddress::Parse(text.substr(0, colon), NumberIn<uint16_t>(text.substr(colon + 1), 0));
}

}  // namespace confab::client
