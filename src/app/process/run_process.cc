#include "app/process/run_process.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <csignal>
#include <cstdio>

#include "app/process/end_signals.h"
#include "app/process/log_options.h"
#include "app/process/process_metrics.h"
#include "base/id.h"
#include "base/random.h"

namespace confab::app {
namespace {

struct InstanceTag;
using observe::LogEvent, observe::LogLevel;

// What the deadline leaves for the threads to end, before the process is ended whatever happens.
constexpr TimeDelta kForcedEndMargin = TimeDelta::Seconds(2);

std::string InstanceId(const Config& config) {
  if (!config.instance.id.empty()) return config.instance.id;
  SecureRandom random;
  return Id<InstanceTag>::Random(random).ToString();
}

// On the main thread.
class ProcessRun {
 public:
  ProcessRun(const Config& config, std::string_view role, observe::LogWriter& writer,
             std::string instance_id, const Compose& compose)
      : deadline_(config.shutdown.deadline),
        logger_(writer, "app", instance_id),
        end_signals_(io_, deadline_ + kForcedEndMargin),
        lost_lines_(SampleLostLines(writer)),
        process_metrics_(io_, metrics_, role),
        composition_(compose({.io = io_,
                              .config = config,
                              .logger = logger_,
                              .metrics = metrics_,
                              .instance_id = std::move(instance_id)})) {}

  int Run() {
    if (const Result<void> started = composition_->Start(); !started) {
      EndSignals::Begin();
      logger_.Log(LogLevel::kError, LogEvent::kServiceFailed,
                  {{"code", started.error().code}, {"message", started.error().message}});
      fmt::print(stderr, "confab cannot start: {}\n", started.error().message);
      return 1;
    }
    asio::co_spawn(io_, ReportStart(), asio::detached);
    end_signals_.Wait([this] {
      is_stopping_ = true;
      asio::co_spawn(io_, EndInOrder(), asio::detached);
    });
    io_.run();
    return 0;
  }

 private:
  std::shared_ptr<void> SampleLostLines(const observe::LogWriter& writer) {
    return metrics_.AddSampled(
        {"confab_log_lines_lost_total", "Log lines that did not reach this place."},
        observe::SampleKind::kCounter, [&writer] {
          return std::vector<observe::Sample>{
              {{{"place", "output"}}, static_cast<double>(writer.dropped_lines())},
              {{{"place", "folder"}}, static_cast<double>(writer.lines_lost_to_folder())}};
        });
  }

  asio::awaitable<void> ReportStart() {
    const std::string report = co_await composition_->Report();
    if (is_stopping_) co_return;
    fmt::print("{}", report);
    std::fflush(stdout);
  }

  asio::awaitable<void> EndInOrder() {
    co_await composition_->Stop(deadline_);
    process_metrics_.Stop();
    io_.stop();
  }

  const TimeDelta deadline_;
  const observe::Logger logger_;
  observe::MetricsRegistry metrics_;
  asio::io_context io_{1};
  EndSignals end_signals_;
  std::shared_ptr<void> lost_lines_;  // a metric, as long as it lives
  ProcessMetrics process_metrics_;
  std::unique_ptr<Composition> composition_;
  bool is_stopping_ = false;
};

}  // namespace

int RunProcess(const Config& config, std::string_view role, const Compose& compose) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a log file at the system's limit is an error like a full disk
  const std::string instance_id = InstanceId(config);
  observe::LogWriter writer(LogOptionsOf(config, role, instance_id));
  return ProcessRun(config, role, writer, instance_id, compose).Run();
}

}  // namespace confab::app
