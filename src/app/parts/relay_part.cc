#include "app/parts/relay_part.h"

#include <fmt/format.h>

#include <utility>

#include "app/config/bus_rules.h"
#include "app/parts/watch_interval.h"
#include "backends/bus/make_bus.h"

namespace confab::app {
namespace {

using observe::LogEvent, observe::LogLevel;

// The key that a relay needs and has not; "" where it has all.
std::string_view MissingKey(const Config& config) {
  if (config.instance.region.empty()) return "instance.region";
  if (config.bus.redis_url.empty()) return "bus.redis_url";
  if (config.relay.region.empty()) return "relay.region";
  if (config.relay.redis_url.empty()) return "relay.redis_url";
  return "";
}

}  // namespace

Result<std::unique_ptr<RelayPart>> RelayPart::Open(const Environment& environment) {
  const Config& config = environment.config;
  if (const std::string_view key = MissingKey(config); !key.empty()) {
    return Fail(ErrorCode::kInvalidConfiguration,
                fmt::format("{} is not given: a relay joins the Redis of instance.region "
                            "(bus.redis_url) with that of relay.region (relay.redis_url)",
                            key));
  }
  auto relay = bus::MakeRelay(environment.io, BusOptionsOf(config, environment.instance_id),
                              RelayOptionsOf(config), BusTimesOf(config.bus));
  if (!relay) return std::unexpected(relay.error());
  // make_unique cannot reach the private constructor.
  return std::unique_ptr<RelayPart>(new RelayPart(environment, std::move(*relay)));
}

RelayPart::RelayPart(const Environment& environment, std::unique_ptr<bus::Relay> relay)
    : environment_(environment),
      logger_(environment.logger.For("relay")),
      relay_(std::move(relay)),
      watching_(environment.io) {
  AddMetrics();
  WatchLater();
}

gateway::ReadyReport::Part RelayPart::Ready() const {
  const bus::RelayStatus status = relay_->status();
  return {.name = "relay", .is_ready = status.is_up, .reason = status.is_up ? "" : status.reason};
}

void RelayPart::WatchLater() {
  watching_.expires_after(ToChrono(kWatchInterval));
  watching_.async_wait([this](const error_code& error) {
    if (error) return;
    Watch();
    WatchLater();
  });
}

void RelayPart::Watch() {
  const bus::RelayStatus status = relay_->status();
  if (status.is_up && !has_been_up_) {
    logger_.Log(LogLevel::kInfo, LogEvent::kRelayReady, {});
  } else if (status.is_up && !was_up_) {
    logger_.Log(LogLevel::kInfo, LogEvent::kRelayBack, {});
  } else if (!status.is_up && was_up_) {
    logger_.Log(LogLevel::kWarning, LogEvent::kRelayLost, {{"message", status.reason}});
  }
  has_been_up_ = has_been_up_ || status.is_up;
  was_up_ = status.is_up;
}

void RelayPart::AddMetrics() {
  using observe::Sample, observe::SampleKind;
  using Status = bus::RelayStatus;
  const auto add = [this](const char* name, const char* help, SampleKind kind, auto read) {
    sampled_metrics_.push_back(environment_.metrics.AddSampled({name, help}, kind, [this, read] {
      return std::vector<Sample>{{{}, static_cast<double>(read(relay_->status()))}};
    }));
  };
  add("confab_relay_up", "1 while both regions answer.", SampleKind::kGauge,
      [](const Status& status) { return status.is_up ? 1 : 0; });
  add("confab_relay_changes_total", "Changes of rooms that were relayed.", SampleKind::kCounter,
      [](const Status& status) { return status.relayed; });
  add("confab_relay_left_out_total", "Times that a room was not relayed: there were too many.",
      SampleKind::kCounter, [](const Status& status) { return status.left_out; });
}

}  // namespace confab::app
