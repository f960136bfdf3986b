#include "app/serve/descriptor_limit.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

namespace confab::app {
namespace {

constexpr size_t kMostConnections = 10'000;
constexpr size_t kDescriptorsPerConnection = 3;
// Media's sockets and its TCP connections, the database, files that are sent.
constexpr size_t kOtherDescriptors = 1200;
// With a low limit those others get a part of it.
constexpr size_t kOtherShare = 4;
// "unlimited"
constexpr size_t kEnough = 1'048'576;

}  // namespace

size_t RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, kEnough);
  if (limit.rlim_cur < before || setrlimit(RLIMIT_NOFILE, &limit) != 0) return before;
  return limit.rlim_cur;
}

size_t MaxConnections(size_t descriptors) {
  const size_t others = std::min(kOtherDescriptors, descriptors / kOtherShare);
  return std::min(kMostConnections, (descriptors - others) / kDescriptorsPerConnection);
}

std::string DescriptorWarning(size_t descriptors) {
  const size_t connections = MaxConnections(descriptors);
  if (connections == kMostConnections) return {};
  return fmt::format(
      "the system allows {} open files, enough for {} connections: for {} raise the limit to {} "
      "(`ulimit -Hn`, LimitNOFILE= of systemd)",
      descriptors, connections, kMostConnections,
      kMostConnections * kDescriptorsPerConnection + kOtherDescriptors);
}

}  // namespace confab::app
