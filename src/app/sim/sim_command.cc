#include "app/sim/sim_command.h"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <ostream>

#include "sim/run/simulation.h"

namespace confab::app {
namespace {

namespace json = boost::json;

// Of this thread's processor: what else runs on the machine does not count.
TimeDelta CpuNow() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return TimeDelta::Seconds(now.tv_sec) + TimeDelta::Micros(now.tv_nsec / 1000);
}

json::object ToJson(const sim::LinkCounters& link) {
  return {{"sent", link.sent},
          {"lost", link.lost},
          {"queueFull", link.queue_full},
          {"outage", link.outage},
          {"duplicated", link.duplicated},
          {"reordered", link.reordered}};
}

json::object ToJson(const sim::FrameCounters& frames) {
  return {{"complete", frames.complete},
          {"inTime", frames.in_time},
          {"late", frames.late},
          {"lost", frames.lost},
          {"fromCache", frames.catch_up},
          {"latencyMs",
           {{"p50", frames.latency.PercentileMs(500)},
            {"p99", frames.latency.PercentileMs(990)},
            {"p999", frames.latency.PercentileMs(999)}}},
          {"repairMs",
           {{"p50", frames.recovery.PercentileMs(500)},
            {"p99", frames.recovery.PercentileMs(990)},
            {"p999", frames.recovery.PercentileMs(999)}}}};
}

json::object ToJson(const rtc::SessionCounters& sessions) {
  json::object drops;
  for (size_t i = 0; i < rtc::kDropReasons; ++i) {
    const auto reason = static_cast<rtc::DropReason>(i);
    if (sessions.drops[reason] > 0) drops[ToString(reason)] = sessions.drops[reason];
  }
  return {{"packetsReceived", sessions.packets_received},
          {"packetsSent", sessions.packets_sent},
          {"drops", std::move(drops)}};
}

json::object ToJson(const sim::Report& report, TimeDelta cpu) {
  json::object object = {{"scenario", report.scenario},
                         {"seed", report.seed},
                         {"engine", report.engine},
                         {"simulatedSeconds", report.simulated.seconds()},
                         {"cpuSeconds", cpu.seconds()},
                         {"joins", report.joins},
                         {"datagrams", report.datagrams},
                         {"bytes", report.bytes},
                         {"up", ToJson(report.up)},
                         {"down", ToJson(report.down)},
                         {"server", ToJson(report.server)},
                         {"clients", ToJson(report.clients)},
                         {"framesSent", report.frames_sent},
                         {"video", ToJson(report.video)},
                         {"audio", ToJson(report.audio)},
                         {"nacked", report.received.nacked},
                         {"restored", report.received.restored},
                         {"plis", report.received.plis},
                         {"digest", report.digest}};
  if (report.violation) {
    object["violation"] = {{"invariant", report.violation->invariant},
                           {"sentence", report.violation->sentence},
                           {"atMs", report.violation->at.ms()},
                           {"replay", ReplayCommand(report)}};
  }
  return object;
}

class Runs {
 public:
  explicit Runs(const SimRuns& runs) : runs_(runs) {
    if (!runs.json.empty()) file_.open(runs.json, std::ios::trunc);
  }

  int Run() {
    if (!runs_.json.empty() && !file_) return Unwritable();
    for (uint32_t i = 0; i < runs_.seeds; ++i) {
      if (const int status = RunOne(runs_.seed + i); status != 0) return status;
      ShowProgress(i + 1);
    }
    if (runs_.seeds > 1) ShowSums();
    if (video_frames_ + audio_frames_ > 0) return 0;
    fmt::print(stderr, "confab sim: no frame was complete at any receiver: this shows nothing\n");
    return 1;
  }

 private:
  int Unwritable() const {
    fmt::print(stderr, "confab sim: {} cannot be written\n", runs_.json);
    return 2;
  }

  // 0, or the status to end with.
  int RunOne(uint64_t seed) {
    const auto length =
        runs_.seconds ? std::optional(TimeDelta::Seconds(*runs_.seconds)) : std::nullopt;
    const TimeDelta begin = CpuNow();
    sim::Simulation simulation(
        *sim::MakeScenario(runs_.scenario, seed, length),
        {.seed = seed,
         .engine = runs_.engine == "gcm" ? sim::EngineKind::kGcm : sim::EngineKind::kNull});
    simulation.Run();
    const TimeDelta cpu = CpuNow() - begin;
    const sim::Report report = simulation.MakeReport();
    cpu_ += cpu;
    simulated_ += report.simulated;
    joins_ += report.joins;
    video_frames_ += report.video.complete;
    audio_frames_ += report.audio.complete;
    if (file_.is_open()) file_ << json::serialize(ToJson(report, cpu)) << '\n' << std::flush;
    if (runs_.seeds == 1 || report.violation) fmt::print("{}", ToText(report, cpu));
    if (!report.violation) return file_ ? 0 : Unwritable();
    fmt::print("\n{} is broken at {} ms: {}\n  {}\n", report.violation->invariant,
               report.violation->at.ms(), report.violation->sentence, ReplayCommand(report));
    return 1;
  }

  void ShowProgress(uint32_t done) {
    constexpr uint32_t kLines = 20;
    const uint32_t step = std::max(1u, runs_.seeds / kLines);
    if (runs_.seeds == 1 || done % step != 0) return;
    fmt::print("{} of {} seeds\n", done, runs_.seeds);
    std::fflush(stdout);
  }

  void ShowSums() const {
    fmt::print(
        "{} seeds, {} joins, {} video and {} audio frames complete; {:.0f} simulated seconds in "
        "{:.1f} s of processor: {:.0f} times real time; no invariant was broken\n",
        runs_.seeds, joins_, video_frames_, audio_frames_, simulated_.seconds(), cpu_.seconds(),
        simulated_.seconds() / std::max(cpu_.seconds(), 1e-6));
  }

  const SimRuns& runs_;
  std::ofstream file_;
  TimeDelta cpu_;
  TimeDelta simulated_;
  uint64_t joins_ = 0;
  uint64_t video_frames_ = 0;  // complete
  uint64_t audio_frames_ = 0;  // the same
};

}  // namespace

int SimCommand(const SimRuns& runs) {
  return Runs(runs).Run();
}

}  // namespace confab::app
