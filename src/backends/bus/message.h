#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "backends/bus/instance_name.h"

namespace confab::bus {

// A message to an instance, as it travels: the sender's name, a line feed, the bytes.
struct Message {
  InstanceName from;
  std::string bytes;
};

std::string MakeMessage(const InstanceName& from, std::string_view bytes);
std::optional<Message> ParseMessage(std::string_view text);

// Where an instance listens.
std::string MessageChannel(const InstanceName& to);

}  // namespace confab::bus
