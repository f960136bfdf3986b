// gRPC against HTTP with JSON, for the same real operation: a transport that is created. It is
// closed again before the next one, which the times leave out and the processor's work has in it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <map>

#include "rpc/http_service.h"
#include "rpc/operations.h"
#include "services/media/media_service.h"

namespace confab::bench {
namespace {

int64_t ProcessCpuNanos() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// False where one was refused.
bool RunRound(Operation& operation, int count, const std::string& prefix, Times& times) {
  const int64_t cpu_before = ProcessCpuNanos();
  for (int i = 0; i < count; ++i) {
    const std::string id = fmt::format("{}-{}", prefix, i);
    const auto begin = std::chrono::steady_clock::now();
    if (!operation.Create(id)) return false;
    const auto took = std::chrono::steady_clock::now() - begin;
    if (!operation.Close(id)) return false;
    times.nanos.push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(took).count());
  }
  times.cpu_nanos += ProcessCpuNanos() - cpu_before;
  return true;
}

double Percentile(std::vector<int64_t>& nanos, double part) {
  const auto at = static_cast<size_t>(part * static_cast<double>(nanos.size() - 1));
  std::ranges::nth_element(nanos, nanos.begin() + static_cast<ptrdiff_t>(at));
  return static_cast<double>(nanos[at]) / 1000.0;
}

int Run(int rounds, int count) {
  auto media = media::MediaService::Start({.listen = {SocketAddress::Ipv4({127, 0, 0, 1}, 0)},
                                           .announce = {},
                                           .port = 0,
                                           .grpc = {.address = "127.0.0.1"},
                                           .checks = {rpc::AdmitEveryone(), rpc::AdmitEveryone()}});
  if (!media) {
    fmt::print(stderr, "{}\n", media.error().message);
    return 1;
  }
  HttpService http((*media)->control());
  std::vector<std::unique_ptr<Operation>> operations;
  operations.push_back(DirectOperation((*media)->control()));
  operations.push_back(GrpcOperation((*media)->grpc_port()));
  operations.push_back(HttpOperation(http.port()));
  std::map<std::string, Times> all;
  // The first round warms up, and is not counted.
  for (int round = 0; round <= rounds; ++round) {
    for (const auto& operation : operations) {
      Times ignored;
      Times& times = round == 0 ? ignored : all[operation->name()];
      if (RunRound(*operation, count, fmt::format("{}-{}", operation->name(), round), times)) {
        continue;
      }
      fmt::print(stderr, "{}: the service refused\n", operation->name());
      return 1;
    }
  }
  fmt::print("us for a transport, {} of them: created; with its closing, the processor's work\n",
             rounds * count);
  fmt::print("{:12}{:>10}{:>10}{:>14}\n", "", "p50", "p99", "processor");
  for (auto& [name, times] : all) {
    const double cpu = static_cast<double>(times.cpu_nanos) / 1000.0 / (rounds * count);
    fmt::print("{:12}{:10.1f}{:10.1f}{:14.1f}\n", name, Percentile(times.nanos, 0.5),
               Percentile(times.nanos, 0.99), cpu);
  }
  return 0;
}

}  // namespace
}  // namespace confab::bench

int main(int argc, char** argv) {
  int rounds = 10;
  int count = 500;
  CLI::App app{"gRPC against HTTP with JSON"};
  app.add_option("--rounds", rounds, "of each, in turn")->check(CLI::Range(1, 1000));
  app.add_option("--count", count, "operations in a round")->check(CLI::Range(1, 100'000));
  CLI11_PARSE(app, argc, argv);
  return confab::bench::Run(rounds, count);
}
