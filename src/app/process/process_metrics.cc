#include "app/process/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "app/cli/version.h"

namespace confab::app {
namespace {

using observe::Sample, observe::SampleKind;

double CpuSeconds() {
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// proc(5): the second number of statm is the resident set, in pages.
double ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  int64_t all = 0, resident = 0;
  if (!(file >> all >> resident)) return 0;
  return static_cast<double>(resident * sysconf(_SC_PAGESIZE));
}

double UnixSecondsNow() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

}  // namespace

ProcessMetrics::ProcessMetrics(asio::io_context& io, observe::MetricsRegistry& metrics,
                               std::string_view role)
    : timer_(io) {
  metrics
      .AddGauge({"confab_build_info", "1; its labels say what runs here."},
                {{"version", std::string(Version())}, {"role", std::string(role)}})
      .Set(1);
  metrics.AddGauge({"confab_process_start_time_seconds", "When this process began, in Unix time."})
      .Set(UnixSecondsNow());
  const auto add = [&](const char* name, const char* help, SampleKind kind, double (*read)()) {
    sampled_metrics_.push_back(metrics.AddSampled(
        {name, help}, kind, [read] { return std::vector<Sample>{{{}, read()}}; }));
  };
  add("confab_process_cpu_seconds_total", "Processor time of this process.", SampleKind::kCounter,
      CpuSeconds);
  add("confab_process_resident_bytes", "Memory that this process has in RAM.", SampleKind::kGauge,
      ResidentBytes);
  sampled_metrics_.push_back(metrics.AddSampledHistogram(
      {"confab_loop_lag_seconds", "How much later than wanted the control loop did something."},
      [this] { return std::vector<observe::HistogramSample>{{{}, lag_}}; }));
  LookLater();
}

void ProcessMetrics::LookLater() {
  timer_.expires_after(kInterval);
  timer_.async_wait([this](const error_code& error) {
    if (error) return;
    const auto late = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - timer_.expiry());
    lag_.Observe(TimeDelta::Micros(late.count()));
    LookLater();
  });
}

}  // namespace confab::app
