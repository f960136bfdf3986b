#include "app/bench/process_load.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace confab::app {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::optional<ProcessLoad> ParseProcessLoad(std::string_view stat, std::string_view status,
                                            int64_t ticks_per_second) {
  // The second field is the name in brackets, which may hold anything.
  const size_t name_end = stat.rfind(')');
  const size_t resident = status.find("VmRSS:");
  if (name_end == stat.npos || resident == status.npos) return std::nullopt;
  std::istringstream fields{std::string(stat.substr(name_end + 1))};
  constexpr int kUserTime = 14, kFirstAfterName = 3;
  std::string skipped;
  for (int field = kFirstAfterName; field < kUserTime; ++field) fields >> skipped;
  int64_t user = 0, system = 0;
  if (!(fields >> user >> system)) return std::nullopt;
  ProcessLoad load;
  load.cpu = TimeDelta::Micros((user + system) * 1'000'000 / ticks_per_second);
  std::istringstream memory{std::string(status.substr(resident + sizeof("VmRSS:") - 1))};
  if (!(memory >> load.resident_kb)) return std::nullopt;
  return load;
}

std::optional<ProcessLoad> ReadProcessLoad(pid_t pid) {
  return ParseProcessLoad(ReadAll(fmt::format("/proc/{}/stat", pid)),
                          ReadAll(fmt::format("/proc/{}/status", pid)), sysconf(_SC_CLK_TCK));
}

}  // namespace confab::app
