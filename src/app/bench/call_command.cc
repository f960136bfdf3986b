#include "app/bench/call_command.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <utility>

#include "app/bench/call_run.h"

namespace confab::app {
namespace {

// A connection for signaling, a UDP socket and its duplicate.
constexpr rlim_t kDescriptorsPerParticipant = 3;
// Clip, JSON, timers, standard streams.
constexpr rlim_t kOtherDescriptors = 32;

// Empty: there are enough, or there are now.
std::string MakeRoomForDescriptors(const CallBench& bench) {
  const rlim_t wanted =
      rlim_t{bench.participants()} * kDescriptorsPerParticipant + kOtherDescriptors;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return {};
  limit.rlim_cur = std::min(wanted, limit.rlim_max);
  if (limit.rlim_cur == wanted && setrlimit(RLIMIT_NOFILE, &limit) == 0) return {};
  return fmt::format(
      "{} participants need {} file descriptors and {} are allowed: raise the limit "
      "with `ulimit -n {}`",
      bench.participants(), wanted, limit.rlim_max, wanted);
}

// Makes the file where it is not there; what is in it stays until there are figures.
bool CanBeWritten(const std::string& file) {
  return std::ofstream(file, std::ios::app).is_open();
}

int Refuse(const std::string& message) {
  fmt::print(stderr, "confab bench: {}\n", message);
  return 2;
}

}  // namespace

std::string ProblemOf(const CallBench& bench) {
  if (bench.participants() == 0) {
    return "nobody would be there: ask for --publishers, --subscribers or both";
  }
  if (bench.participants() > CallBench::kMaxParticipants) {
    return fmt::format(
        "{} participants are more than the {} of one process: start several with "
        "their own --room",
        bench.participants(), CallBench::kMaxParticipants);
  }
  if (bench.consumers() > CallBench::kMaxConsumers) {
    return fmt::format(
        "{} consumers are more than the {} of one process: take fewer --publishers "
        "or --subscribers",
        bench.consumers(), CallBench::kMaxConsumers);
  }
  if (!std::isfinite(bench.max_missing_percent)) {
    return "--max-missing is no number: give one from 0 to 100";
  }
  return {};
}

int CallCommand(const CallBench& bench) {
  std::signal(SIGPIPE, SIG_IGN);
  if (const std::string problem = ProblemOf(bench); !problem.empty()) return Refuse(problem);
  if (const std::string problem = MakeRoomForDescriptors(bench); !problem.empty()) {
    return Refuse(problem);
  }
  if (bench.server_pid != 0 && !ReadProcessLoad(bench.server_pid)) {
    return Refuse(fmt::format("--server-pid {}: there is no such process here", bench.server_pid));
  }
  if (!bench.json.empty() && !CanBeWritten(bench.json)) {
    return Refuse(fmt::format("{} cannot be written", bench.json));
  }
  auto clip = client::ReadIvfFile(bench.clip);
  if (!clip) return Refuse(clip.error().message);
  const auto certificate = rtc::DtlsCertificate::Generate();
  if (!certificate) {
    fmt::print(stderr, "confab bench: OpenSSL cannot make a certificate\n");
    return 1;
  }
  auto shared = std::make_shared<const client::EncodedClip>(std::move(*clip));
  return CallRun(bench, std::move(shared), *certificate).Run();
}

}  // namespace confab::app
