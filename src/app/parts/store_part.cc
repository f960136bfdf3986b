#include "app/parts/store_part.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "app/parts/store_options.h"
#include "app/parts/watch_interval.h"
#include "backends/store/make_store.h"
#include "net/clock.h"

namespace confab::app {
namespace {

using observe::LogEvent, observe::LogLevel;

constexpr TimeDelta kFirstPause = TimeDelta::Millis(100);
constexpr TimeDelta kMostPause = TimeDelta::Seconds(3);
constexpr TimeDelta kDeleteInterval = TimeDelta::Seconds(3600);
// Where one run had too much to delete.
constexpr TimeDelta kDeleteMore = TimeDelta::Seconds(10);
constexpr int64_t kSecondsPerDay = 24 * 3600;

TimeDelta Days(int64_t days) {
  return TimeDelta::Seconds(days * kSecondsPerDay);
}

}  // namespace

Result<std::unique_ptr<StorePart>> StorePart::Open(const Environment& environment) {
  const auto options = StoreOptionsOf(environment.config);
  if (!options) return std::unexpected(options.error());
  auto database = store::MakeDatabase(environment.io, *options);
  if (!database) return std::unexpected(database.error());
  auto gated = std::make_unique<store::GatedDatabase>(environment.io, std::move(*database));
  // make_unique cannot reach the private constructor.
  return std::unique_ptr<StorePart>(new StorePart(environment, std::move(gated)));
}

StorePart::StorePart(const Environment& environment, std::unique_ptr<store::GatedDatabase> database)
    : environment_(environment),
      logger_(environment.logger.For("store")),
      database_(database.get()),
      store_(std::make_unique<store::Store>(std::move(database))),
      preparing_(environment.io),
      deleting_(environment.io),
      watching_(environment.io),
      back_off_(kFirstPause, kMostPause) {
  AddMetrics();
  PrepareSoon(TimeDelta());
  WatchLater();
}

StorePart::~StorePart() {
  *is_here_ = false;
}

gateway::ReadyReport::Part StorePart::Ready(std::string_view failing) const {
  const store::DatabaseStatus status = store_->status();
  gateway::ReadyReport::Part part{.name = "store", .is_ready = true};
  if (!status.is_up) {
    part.reason = fmt::format("Calls go on, but {}: {}", failing, status.reason);
  }
  return part;
}

void StorePart::PrepareSoon(TimeDelta pause) {
  preparing_.expires_after(ToChrono(pause));
  preparing_.async_wait([this](const error_code& error) {
    if (!error) asio::co_spawn(environment_.io, Prepare(), asio::detached);
  });
}

asio::awaitable<void> StorePart::Prepare() {
  const std::shared_ptr<bool> is_here = is_here_;
  const auto prepared = co_await database_->Prepare(net::UnixMicrosNow());
  if (!*is_here) co_return;
  if (!prepared) {
    // A database that is newer than the program may be put back, too.
    const bool is_lasting = !store::IsPassing(prepared.error().fault);
    if (is_lasting && trouble_.IsNew(prepared.error().message)) {
      logger_.Log(LogLevel::kError, LogEvent::kStoreLost,
                  {{"fault", store::ToString(prepared.error().fault)},
                   {"message", prepared.error().message}});
    }
    PrepareSoon(back_off_.Next(random_));
    co_return;
  }
  trouble_.End();
  logger_.Log(LogLevel::kInfo, LogEvent::kStoreReady, {});
  DeleteOldLater(kDeleteMore);
}

void StorePart::DeleteOldLater(TimeDelta pause) {
  deleting_.expires_after(ToChrono(pause));
  deleting_.async_wait([this](const error_code& error) {
    if (!error) asio::co_spawn(environment_.io, DeleteOld(), asio::detached);
  });
}

asio::awaitable<void> StorePart::DeleteOld() {
  const std::shared_ptr<bool> is_here = is_here_;
  const Config::Store& config = environment_.config.store;
  const store::RetentionRules rules{.messages = Days(config.keep_messages_days),
                                    .sessions = Days(config.keep_sessions_days),
                                    .audit = Days(config.keep_audit_days)};
  const auto outcome = co_await store_->retention().Run(rules, net::UnixMicrosNow());
  if (!*is_here) co_return;
  const bool has_more = outcome && !outcome->is_complete;
  DeleteOldLater(has_more ? kDeleteMore : kDeleteInterval);
}

void StorePart::WatchLater() {
  watching_.expires_after(ToChrono(kWatchInterval));
  watching_.async_wait([this](const error_code& error) {
    if (error) return;
    const store::DatabaseStatus status = store_->status();
    if (status.is_up && !was_up_) {
      logger_.Log(LogLevel::kInfo, LogEvent::kStoreBack, {});
    } else if (!status.is_up && was_up_) {
      logger_.Log(LogLevel::kWarning, LogEvent::kStoreLost, {{"message", status.reason}});
    }
    was_up_ = status.is_up;
    WatchLater();
  });
}

void StorePart::AddMetrics() {
  using observe::Sample, observe::SampleKind;
  const auto add = [this](const char* name, const char* help, SampleKind kind, auto read) {
    sampled_metrics_.push_back(environment_.metrics.AddSampled({name, help}, kind, [this, read] {
      return std::vector<Sample>{{{}, static_cast<double>(read(store_->status()))}};
    }));
  };
  using Status = store::DatabaseStatus;
  add("confab_store_up", "1 while the store could be reached at the last attempt.",
      SampleKind::kGauge, [](const Status& status) { return status.is_up ? 1 : 0; });
  add("confab_store_waiting_calls", "Calls that wait for their turn at the store.",
      SampleKind::kGauge, [](const Status& status) { return status.waiting; });
  add("confab_store_connections", "Open connections to the store.", SampleKind::kGauge,
      [](const Status& status) { return status.open_connections; });
  add("confab_store_calls_total", "Calls to the store.", SampleKind::kCounter,
      [this](const Status&) { return database_->calls(); });
  sampled_metrics_.push_back(environment_.metrics.AddCounters(
      {"confab_store_faults_total", "Calls to the store that failed, by what is certain then."},
      "fault", database_->faults()));
  sampled_metrics_.push_back(environment_.metrics.AddSampledHistogram(
      {"confab_store_call_seconds", "How long calls to the store took, those that failed too."},
      [this] { return std::vector<observe::HistogramSample>{{{}, database_->times()}}; }));
}

}  // namespace confab::app
