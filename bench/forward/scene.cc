#include "forward/scene.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "forward/cpu_time.h"
#include "forward/sfu_forwarder.h"
#include "forward/yardstick.h"
#include "net/clock.h"

namespace confab::bench {
namespace {

// What is on its way when a round ends still arrives.
constexpr TimeDelta kSettle = TimeDelta::Millis(100);

struct Round {
  double nanos_per_packet = 0;
  uint64_t packets = 0;
  uint64_t lost = 0;
};

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::nth_element(values, values.begin() + static_cast<ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

Round RunRound(Crowd& crowd, Forwarder& forwarder, const SceneOptions& options) {
  for (const auto& receiver : crowd.receivers()) {
    receiver->BeginCount(forwarder.receivers_have_keys());
  }
  Pace pace(*options.traffic);
  const int64_t cpu_before = forwarder.CpuNanos();
  const Timestamp begin = net::MonotonicNow();
  uint64_t fed = 0;
  for (Timestamp next = begin; next < begin + options.round_time;
       next = next + options.traffic->interval) {
    crowd.RunUntil(next);
    const int due = pace.Next();
    forwarder.Feed(due);
    fed += static_cast<uint64_t>(due);
  }
  crowd.RunUntil(net::MonotonicNow() + kSettle);
  Round round;
  for (const auto& receiver : crowd.receivers()) round.packets += receiver->packets();
  const uint64_t wanted = fed * options.receivers;
  round.lost = wanted - std::min(wanted, round.packets);
  const auto cpu = static_cast<double>(forwarder.CpuNanos() - cpu_before);
  round.nanos_per_packet = cpu / static_cast<double>(std::max<uint64_t>(round.packets, 1));
  return round;
}

ForwarderResult Summarize(std::string_view name, const std::vector<Round>& rounds,
                          const std::vector<Round>& probe) {
  ForwarderResult result{.name = std::string(name)};
  std::vector<double> nanos;
  std::vector<double> ratios;
  for (size_t i = 0; i < rounds.size(); ++i) {
    nanos.push_back(rounds[i].nanos_per_packet);
    ratios.push_back(rounds[i].nanos_per_packet / probe[i].nanos_per_packet);
    result.packets += rounds[i].packets;
    result.lost += rounds[i].lost;
  }
  result.nanos_per_packet = Median(nanos);
  result.ratio_to_probe = Median(ratios);
  return result;
}

void AddTransit(Crowd& crowd, SceneResult& result) {
  TransitTimes transit;
  for (const auto& receiver : crowd.receivers()) {
    transit.Append(receiver->transit());
    result.bad_samples += receiver->bad_samples();
  }
  result.samples = transit.count();
  result.transit_us = {transit.Quantile(0.5), transit.Quantile(0.99), transit.Quantile(1)};
}

double LostPercent(const ForwarderResult& forwarder) {
  const auto lost = static_cast<double>(forwarder.lost);
  return lost * 100 / std::max(lost + static_cast<double>(forwarder.packets), 1.0);
}

}  // namespace

std::string ProblemOf(const SceneResult& result) {
  for (const ForwarderResult& forwarder : result.forwarders) {
    if (forwarder.packets == 0) return fmt::format("{} forwarded nothing", forwarder.name);
    if (LostPercent(forwarder) > kMostLostPercent) {
      return fmt::format("{} lost {:.1f} % of the packets, more than {} %: take fewer --receivers",
                         forwarder.name, LostPercent(forwarder), kMostLostPercent);
    }
  }
  if (result.bad_samples != 0) return fmt::format("{} samples did not open", result.bad_samples);
  if (result.samples == 0) return "no packet was opened: take more --seconds";
  return {};
}

Result<SceneResult> Measure(const SceneOptions& options) {
  // Threads start on the processor of the one that starts them.
  if (!PinThisThread(options.forwarder_processor)) {
    return Fail(ErrorCode::kInvalidConfiguration, "that processor may not be used");
  }
  auto crowd = Crowd::Open(options.receivers, options.profile);
  if (!crowd) return std::unexpected(crowd.error());
  auto sfu = SfuForwarder::Start(**crowd, *options.traffic);
  if (!sfu) return std::unexpected(sfu.error());
  auto probe =
      Yardstick::Start(Yardstick::Kind::kProbe, **crowd, *options.traffic, options.profile);
  if (!probe) return std::unexpected(probe.error());
  auto classic =
      Yardstick::Start(Yardstick::Kind::kClassic, **crowd, *options.traffic, options.profile);
  if (!classic) return std::unexpected(classic.error());
  (void)PinThisThread(options.peer_processor);

  const std::array<Forwarder*, 3> forwarders{sfu->get(), probe->get(), classic->get()};
  std::array<std::vector<Round>, 3> rounds;
  for (int i = 0; i < options.rounds; ++i) {
    for (size_t f = 0; f < forwarders.size(); ++f) {
      rounds[f].push_back(RunRound(**crowd, *forwarders[f], options));
    }
  }
  SceneResult result;
  for (size_t f = 0; f < forwarders.size(); ++f) {
    result.forwarders.push_back(Summarize(forwarders[f]->name(), rounds[f], rounds[1]));
  }
  AddTransit(**crowd, result);
  result.connect_nanos = (*sfu)->connect_nanos();
  return result;
}

}  // namespace confab::bench
