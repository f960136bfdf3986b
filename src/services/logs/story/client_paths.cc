#include "services/logs/story/client_paths.h"

#include <fmt/format.h>

#include <algorithm>

namespace confab::logs {

ClientPath PathOf(const ClientReport& report, std::string_view direction) {
  const auto word = [&](std::string_view name) {
    return report.words.ValueOr(fmt::format("{}_{}", direction, name), "");
  };
  return {.state = word("state"),
          .protocol = word("protocol"),
          .relay_protocol = word("relay_protocol"),
          .local_type = word("local_type")};
}

int64_t ChecksSent(const ClientReport& report) {
  return report.figures.ValueOr("send_checks_sent", 0) +
         report.figures.ValueOr("recv_checks_sent", 0);
}

bool IsConnected(const ClientReport& report) {
  return std::ranges::any_of(kDirections, [&](std::string_view direction) {
    return PathOf(report, direction).is_connected();
  });
}

}  // namespace confab::logs
