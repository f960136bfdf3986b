#include "sim/run/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace confab::sim {
namespace {

// Of nothing there is no share.
std::string Percent(uint64_t part, uint64_t whole) {
  if (whole == 0) return "–";
  return fmt::format("{:.3f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

void AddLink(fmt::memory_buffer& out, std::string_view name, const LinkCounters& link) {
  fmt::format_to(
      std::back_inserter(out),
      "  {:<18}{} sent, {} lost by chance, {} by a full queue, {} in outages, {} doubled, "
      "{} overtaken\n",
      name, link.sent, link.lost, link.queue_full, link.outage, link.duplicated, link.reordered);
}

void AddFrames(fmt::memory_buffer& out, std::string_view name, const FrameCounters& frames) {
  const uint64_t expected = frames.complete + frames.lost;
  fmt::format_to(std::back_inserter(out),
                 "  {:<18}{} expected, {} complete, {} late, {} lost: {} in time "
                 "(3 RTT + a frame), {} from the cache\n",
                 name, expected, frames.complete, frames.late, frames.lost,
                 Percent(frames.in_time, expected), frames.catch_up);
  const auto row = [&](std::string_view what, const LatencyHistogram& h) {
    if (h.total() == 0) return;
    fmt::format_to(std::back_inserter(out),
                   "  {:<18}median {} ms, p90 {} ms, p99 {} ms, p99.9 {} ms ({} frames)\n", what,
                   h.PercentileMs(500), h.PercentileMs(900), h.PercentileMs(990),
                   h.PercentileMs(999), h.total());
  };
  row("  from sending", frames.latency);
  row("  repair", frames.recovery);
}

void AddDrops(fmt::memory_buffer& out, std::string_view name, const rtc::DropCounters& drops) {
  fmt::format_to(std::back_inserter(out), "  {:<18}", name);
  bool any = false;
  for (size_t i = 0; i < rtc::kDropReasons; ++i) {
    const auto reason = static_cast<rtc::DropReason>(i);
    if (drops[reason] == 0) continue;
    fmt::format_to(std::back_inserter(out), "{}{} {}", any ? ", " : "", drops[reason],
                   ToString(reason));
    any = true;
  }
  fmt::format_to(std::back_inserter(out), "{}\n", any ? "" : "none");
}

}  // namespace

std::string ToText(const Report& report, TimeDelta cpu) {
  fmt::memory_buffer out;
  const auto line = [&out](std::string_view name, std::string_view text) {
    fmt::format_to(std::back_inserter(out), "  {:<18}{}\n", name, text);
  };
  fmt::format_to(std::back_inserter(out), "{} of seed {}, {} engine: {:.1f} simulated seconds\n",
                 report.scenario, report.seed, report.engine, report.simulated.seconds());
  line("people", fmt::format("{} joins, {} actions", report.joins, report.actions));
  AddLink(out, "links up", report.up);
  AddLink(out, "links down", report.down);
  line("worker", fmt::format("{} datagrams in, {} sealed out, {} turns, at most {} packets kept",
                             report.worker_received, report.worker_sent, report.worker_turns,
                             report.most_packets_in_use));
  line("server sessions", fmt::format("{} packets in, {} out", report.server.packets_received,
                                      report.server.packets_sent));
  line("client sessions", fmt::format("{} packets in, {} out", report.clients.packets_received,
                                      report.clients.packets_sent));
  AddFrames(out, "video frames", report.video);
  AddFrames(out, "audio frames", report.audio);
  line("frames sent", fmt::format("{} by cameras, in {} packets of both kinds", report.frames_sent,
                                  report.sent.packets));
  line("repair",
       fmt::format("receivers asked for {} numbers, restored {}, {} came twice, {} PLI; "
                   "senders were asked for {}, repeated {}",
                   report.received.nacked, report.received.restored, report.received.duplicates,
                   report.received.plis, report.sent.asked_for, report.sent.repeated));
  AddDrops(out, "server dropped", report.server.drops);
  AddDrops(out, "clients dropped", report.clients.drops);
  const double seconds = cpu.seconds();
  line("speed",
       fmt::format("{:.2f} s of processor: {:.0f} times real time, {:.0f} datagrams a second",
                   seconds, seconds > 0 ? report.simulated.seconds() / seconds : 0,
                   seconds > 0 ? static_cast<double>(report.datagrams) / seconds : 0));
  line("digest", report.digest);
  return fmt::to_string(out);
}

std::string ReplayCommand(const Report& report) {
  return fmt::format("confab sim --seed {} --scenario {} --seconds {} --engine {}", report.seed,
                     report.scenario, report.simulated.us() / 1'000'000, report.engine);
}

}  // namespace confab::sim
