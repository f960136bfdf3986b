#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/socket_address.h"

namespace confab::client {

// `--name=value` of the program's arguments; views into them.
class Options {
 public:
  Options(int argc, char** argv) : argc_(argc), argv_(argv) {}

  std::string_view Text(std::string_view name, std::string_view otherwise = {}) const;
  uint32_t Number(std::string_view name, uint32_t otherwise) const;
  // `--to=127.0.0.1:40000`.
  std::optional<SocketAddress> Address(std::string_view name) const;

 private:
  int argc_;
  char** argv_;
};

}  // namespace confab::client
