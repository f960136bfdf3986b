#include "app/parts/bus_part.h"

#include <fmt/format.h>

#include <utility>

#include "app/config/bus_rules.h"
#include "app/parts/watch_interval.h"
#include "backends/bus/make_bus.h"

namespace confab::app {
namespace {

using observe::LogEvent, observe::LogLevel;

}  // namespace

Result<std::unique_ptr<BusPart>> BusPart::Open(const Environment& environment, Peers peers) {
  const Config& config = environment.config;
  // A file for every process may name the Redis of the others: that alone is no mistake.
  if (peers == Peers::kNone && config.bus.backend == "redis") {
    return Fail(ErrorCode::kInvalidConfiguration,
                "bus.backend = \"redis\" is for `confab signaling`: confab serve is all in one "
                "process and has nobody to share rooms with; leave bus.backend out");
  }
  const BusChoice choice = ChooseBus(config.bus);
  const bool has_none =
      choice == BusChoice::kNone || (choice == BusChoice::kRedis && peers == Peers::kNone);
  if (has_none) return std::unique_ptr<BusPart>();
  auto bus = bus::MakeBus(environment.io, BusOptionsOf(config, environment.instance_id),
                          BusTimesOf(config.bus));
  if (!bus) return std::unexpected(bus.error());
  // make_unique cannot reach the private constructor.
  return std::unique_ptr<BusPart>(new BusPart(environment, std::move(*bus)));
}

BusPart::BusPart(const Environment& environment, std::unique_ptr<bus::Bus> bus)
    : environment_(environment),
      logger_(environment.logger.For("bus")),
      bus_(std::move(bus)),
      watching_(environment.io) {
  AddMetrics();
  WatchLater();
}

gateway::ReadyReport::Part BusPart::Ready() const {
  const bus::BusStatus status = bus_->status();
  gateway::ReadyReport::Part part{.name = "bus", .is_ready = true};
  if (!status.is_up) {
    part.reason = fmt::format(
        "Calls go on, but people at different signaling instances do not see each other come and "
        "go: {}",
        status.reason);
  }
  return part;
}

asio::awaitable<void> BusPart::Stop(TimeDelta deadline) {
  watching_.cancel();
  co_await bus_->Leave(deadline);
}

void BusPart::WatchLater() {
  watching_.expires_after(ToChrono(kWatchInterval));
  watching_.async_wait([this](const error_code& error) {
    if (error) return;
    Watch();
    WatchLater();
  });
}

void BusPart::Watch() {
  const bus::BusStatus status = bus_->status();
  if (status.is_up && !has_been_up_) {
    logger_.Log(LogLevel::kInfo, LogEvent::kBusReady, {{"self", bus_->self().text()}});
  } else if (status.is_up && !was_up_) {
    logger_.Log(LogLevel::kInfo, LogEvent::kBusBack, {});
  } else if (!status.is_up && was_up_) {
    logger_.Log(LogLevel::kWarning, LogEvent::kBusLost, {{"message", status.reason}});
  }
  if (status.wipes != wipes_) {
    logger_.Log(LogLevel::kWarning, LogEvent::kBusWiped,
                {{"message",
                  "Redis had lost what it held: this instance has written its own "
                  "part again"}});
  }
  has_been_up_ = has_been_up_ || status.is_up;
  was_up_ = status.is_up;
  wipes_ = status.wipes;
}

void BusPart::AddMetrics() {
  using observe::Sample, observe::SampleKind;
  using Status = bus::BusStatus;
  const auto add = [this](const char* name, const char* help, SampleKind kind, auto read) {
    sampled_metrics_.push_back(environment_.metrics.AddSampled({name, help}, kind, [this, read] {
      return std::vector<Sample>{{{}, static_cast<double>(read(bus_->status()))}};
    }));
  };
  add("confab_bus_up", "1 while the bus answers questions and tells what happens.",
      SampleKind::kGauge, [](const Status& status) { return status.is_up ? 1 : 0; });
  add("confab_bus_waiting_changes", "Changes of rooms that wait for the bus.", SampleKind::kGauge,
      [](const Status& status) { return status.pending_changes; });
  add("confab_bus_followed_rooms", "Rooms that this instance follows.", SampleKind::kGauge,
      [](const Status& status) { return status.followed_rooms; });
  add("confab_bus_losses_total", "Times that the bus ceased to answer or to tell what happens.",
      SampleKind::kCounter, [](const Status& status) { return status.losses; });
  add("confab_bus_wipes_total", "Times that Redis had lost what it held.", SampleKind::kCounter,
      [](const Status& status) { return status.wipes; });
  add("confab_bus_ghosts_total", "Instances that this one found gone, by rooms.",
      SampleKind::kCounter, [](const Status& status) { return status.ghosts; });
  add("confab_bus_resets_total", "Rooms whose state was read anew because changes were missing.",
      SampleKind::kCounter, [](const Status& status) { return status.resets; });
  sampled_metrics_.push_back(environment_.metrics.AddSampled(
      {"confab_bus_calls_total", "Questions to the bus, by how they ended."}, SampleKind::kCounter,
      [this] {
        const Status status = bus_->status();
        return std::vector<Sample>{
            {{{"outcome", "answered"}}, static_cast<double>(status.answered)},
            {{{"outcome", "unanswered"}}, static_cast<double>(status.unanswered)},
            {{{"outcome", "full"}}, static_cast<double>(status.full)}};
      }));
  sampled_metrics_.push_back(environment_.metrics.AddSampledHistogram(
      {"confab_bus_call_seconds", "How long questions to the bus took that were answered."},
      [this] { return std::vector<observe::HistogramSample>{{{}, bus_->status().answer_times}}; }));
}

}  // namespace confab::app
