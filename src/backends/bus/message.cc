#include "backends/bus/message.h"

namespace confab::bus {

std::string MakeMessage(const InstanceName& from, std::string_view bytes) {
  return from.text() + '\n' + std::string(bytes);
}

std::optional<Message> ParseMessage(std::string_view text) {
  const size_t end = text.find('\n');
  if (end == text.npos) return {};
  const auto from = InstanceName::Parse(text.substr(0, end));
  if (!from) return {};
  return Message{.from = *from, .bytes = std::string(text.substr(end + 1))};
}

std::string MessageChannel(const InstanceName& to) {
  return "to:" + to.text();
}

}  // namespace confab::bus
