// Processor time for one forwarded packet: confab's media worker beside two yardsticks.

#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "forward/scene.h"

namespace confab::bench {
namespace {

struct Options {
  std::vector<size_t> receivers = {10, 100, 500};
  std::vector<std::string> traffic = {"video", "audio"};
  std::vector<std::string> ciphers = {"gcm", "cm"};
  int rounds = 5;
  double seconds = 2;
  std::string json;
};

// A socket for each receiver, and some.
void RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

void PrintRow(const SceneOptions& scene, std::string_view cipher, const SceneResult& result) {
  fmt::print("{:13}{:5}{:10}", scene.traffic->name, cipher, scene.receivers);
  for (const ForwarderResult& forwarder : result.forwarders) {
    fmt::print("{:9.0f}", forwarder.nanos_per_packet);
  }
  fmt::print("{:10.2f}{:10.2f}{:8}{:7}{:7}{:9}\n", result.forwarders[0].ratio_to_probe,
             result.forwarders[2].ratio_to_probe, result.transit_us[0], result.transit_us[1],
             result.forwarders[0].lost, result.connect_nanos / 1000);
  std::fflush(stdout);
}

std::string JsonOf(const SceneOptions& scene, std::string_view cipher, const SceneResult& result) {
  std::string forwarders;
  for (const ForwarderResult& f : result.forwarders) {
    forwarders += fmt::format(
        R"({}{{"name":"{}","nanosPerPacket":{:.1f},"ratioToProbe":{:.3f},"packets":{},"lost":{}}})",
        forwarders.empty() ? "" : ",", f.name, f.nanos_per_packet, f.ratio_to_probe, f.packets,
        f.lost);
  }
  return fmt::format(
      R"({{"traffic":"{}","cipher":"{}","receivers":{},"forwarders":[{}],"transitMicros":{{"median":{},"p99":{},"most":{}}},"samples":{},"badSamples":{},"connectNanos":{}}})",
      scene.traffic->name, cipher, scene.receivers, forwarders, result.transit_us[0],
      result.transit_us[1], result.transit_us[2], result.samples, result.bad_samples,
      result.connect_nanos);
}

int Run(const Options& options) {
  RaiseFileLimit();
  fmt::print("ns of processor time for one packet to one receiver; transit and connect in us\n");
  fmt::print("{:13}{:5}{:>10}{:>9}{:>9}{:>9}{:>10}{:>10}{:>8}{:>7}{:>7}{:>9}\n", "traffic", "srtp",
             "receivers", "confab", "probe", "classic", "confab/p", "classic/p", "median", "99 %",
             "lost", "connect");
  std::string scenes;
  for (const std::string& traffic : options.traffic) {
    for (const std::string& cipher : options.ciphers) {
      for (const size_t receivers : options.receivers) {
        const SceneOptions scene{
            .traffic = traffic == "audio" ? &kAudio : &kVideo,
            .profile = cipher == "cm" ? rtc::SrtpProfile::kAesCm128HmacSha1_80
                                      : rtc::SrtpProfile::kAeadAes128Gcm,
            .receivers = receivers,
            .rounds = options.rounds,
            .round_time = TimeDelta::Micros(static_cast<int64_t>(options.seconds * 1e6))};
        const auto result = Measure(scene);
        if (!result) {
          fmt::print(stderr, "forward_bench: {}\n", result.error().message);
          return 1;
        }
        PrintRow(scene, cipher, *result);
        scenes += (scenes.empty() ? "" : ",") + JsonOf(scene, cipher, *result);
        if (const std::string problem = ProblemOf(*result); !problem.empty()) {
          fmt::print(stderr, "forward_bench: {}\n", problem);
          return 1;
        }
      }
    }
  }
  if (options.json.empty()) return 0;
  std::FILE* file = std::fopen(options.json.c_str(), "w");
  if (file == nullptr) {
    fmt::print(stderr, "forward_bench: {} cannot be written\n", options.json);
    return 1;
  }
  fmt::print(file, "[{}]\n", scenes);
  return std::fclose(file) == 0 ? 0 : 1;
}

}  // namespace
}  // namespace confab::bench

int main(int argc, char** argv) {
  confab::bench::Options options;
  CLI::App app("Processor time for one forwarded packet, beside two yardsticks.");
  app.add_option("--receivers", options.receivers, "numbers of receivers")->delimiter(',');
  app.add_option("--traffic", options.traffic, "video, audio")
      ->delimiter(',')
      ->check(CLI::IsMember({"video", "audio"}));
  app.add_option("--srtp", options.ciphers, "gcm, cm")
      ->delimiter(',')
      ->check(CLI::IsMember({"gcm", "cm"}));
  app.add_option("--rounds", options.rounds, "of each forwarder")->check(CLI::Range(1, 1000));
  app.add_option("--seconds", options.seconds, "of a round")->check(CLI::Range(0.1, 3600.0));
  app.add_option("--json", options.json, "a file for the figures");
  CLI11_PARSE(app, argc, argv);
  return confab::bench::Run(options);
}
