#include "app/parts/signaling_part.h"

#include <utility>

#include "app/cli/version.h"
#include "app/parts/signaling_metrics.h"
#include "base/hashed_name.h"

namespace confab::app {
namespace {

using observe::LogEvent, observe::LogLevel;
using signaling::SignalingStatus;

// What the Socket.IO server counts by itself.
struct SocketMetric {
  observe::MetricName name;
  uint64_t SignalingStatus::* count;
};

const SocketMetric kSocketMetrics[] = {
    {{"confab_signaling_parse_errors_total", "Connections closed for what they sent."},
     &SignalingStatus::parse_errors},
    {{"confab_signaling_slow_readers_total", "Connections closed because they did not read."},
     &SignalingStatus::slow_readers},
    {{"confab_signaling_ping_timeouts_total", "Connections closed because they did not answer."},
     &SignalingStatus::ping_timeouts},
    {{"confab_signaling_handler_exceptions_total",
      "Failures of the program on what a connection sent."},
     &SignalingStatus::handler_exceptions},
    {{"confab_signaling_dropped_events_total",
      "Packets that came for a namespace after its end, or before its beginning."},
     &SignalingStatus::dropped_events},
};

signaling::ChatHistory HistoryOf(std::string_view word) {
  using enum signaling::ChatHistory;
  if (word == "call") return kCall;
  return word == "off" ? kOff : kKept;
}

void Log(const observe::Logger& logger, const signaling::PlacementNews& news) {
  using Kind = signaling::PlacementNews::Kind;
  observe::LogScope scope;
  scope.room = HashedName(news.room);
  if (news.kind == Kind::kHomeless) {
    return logger.Log(LogLevel::kWarning, LogEvent::kRoomHomeless, scope,
                      {{"message", news.reason}});
  }
  if (news.kind == Kind::kMoved) {
    return logger.Log(LogLevel::kWarning, LogEvent::kRoomMoved, scope,
                      {{"media", news.media_instance}, {"from", news.from}, {"epoch", news.epoch}});
  }
  logger.Log(LogLevel::kInfo, LogEvent::kRoomPlaced, scope,
             {{"media", news.media_instance}, {"epoch", news.epoch}});
}

}  // namespace

SignalingPart::~SignalingPart() = default;

Result<void> SignalingPart::Start(Doors doors) {
  const Config::Signaling& config = environment_.config.signaling;
  const observe::Logger logger = environment_.logger.For("signaling");
  signaling::SignalingOptions options;
  options.listen_address = std::move(doors.address);
  options.port = doors.port;
  options.other_paths = doors.other_paths;
  options.grpc = std::move(doors.grpc);
  options.check_token = std::move(doors.check_token);
  options.connect_media = std::move(doors.connect_media);
  options.authority = doors.authority;
  options.store = doors.store;
  options.record_name = std::move(doors.record_name);
  options.bus = doors.bus;
  options.placement = doors.placement;
  options.on_placement = [logger](const signaling::PlacementNews& news) { Log(logger, news); };
  options.on_record_loss = [logger](const store::StoreError& error) {
    logger.Log(LogLevel::kError, LogEvent::kStoreRecordLost,
               {{"fault", store::ToString(error.fault)}, {"message", error.message}});
  };
  options.logger = logger;
  options.instance_id = environment_.instance_id;
  options.version = Version();
  options.region = environment_.config.instance.region;
  options.room.participants = static_cast<size_t>(config.max_participants);
  options.room.grace = config.grace;
  options.chat_history = HistoryOf(config.chat_history);
  options.max_rooms = static_cast<size_t>(config.max_rooms);
  options.on_refusal = [logger](const signaling::Refusal& refusal) {
    logger.Log(LogLevel::kInfo, LogEvent::kMessageRefused, refusal.scope,
               {{"error_id", refusal.id},
                {"refused", refusal.event},
                {"code", refusal.error.code},
                {"message", refusal.error.message}});
  };
  signaling_ = std::make_unique<signaling::SignalingService>(environment_.io, std::move(options));
  const auto port = signaling_->Start();
  if (!port) return std::unexpected(port.error());
  port_ = *port;
  AddMetrics();
  AddSocketMetrics();
  AddSignalingMetrics(environment_.metrics, signaling_->meter(), sampled_metrics_);
  if (doors.placement == signaling::Placement::kLeased) AddPlacementMetrics();
  logger.Log(LogLevel::kInfo, LogEvent::kServiceStarted, {{"port", port_}});
  return {};
}

asio::awaitable<void> SignalingPart::Stop(TimeDelta deadline) {
  if (signaling_) co_await signaling_->Stop(deadline);
  sampled_metrics_.clear();
}

gateway::ReadyReport::Part SignalingPart::Ready() const {
  const bool hears_media = signaling_ && signaling_->status().media_is_up;
  return {.name = "signaling",
          .is_ready = hears_media,
          .reason = hears_media ? "" : "It does not reach media yet."};
}

void SignalingPart::AddMetrics() {
  using observe::Sample, observe::SampleKind;
  const auto add = [this](const char* name, const char* help, SampleKind kind, auto read) {
    sampled_metrics_.push_back(environment_.metrics.AddSampled({name, help}, kind, [this, read] {
      return std::vector<Sample>{{{}, static_cast<double>(read(signaling_->status()))}};
    }));
  };
  add("confab_rooms", "Open rooms.", SampleKind::kGauge,
      [](const SignalingStatus& status) { return status.rooms; });
  add("confab_participants", "Participants, those who may come back included.", SampleKind::kGauge,
      [](const SignalingStatus& status) { return status.participants; });
  add("confab_signaling_connections", "Open Socket.IO connections.", SampleKind::kGauge,
      [](const SignalingStatus& status) { return status.connections; });
  add("confab_store_records_waiting", "Records of calls that wait for the store.",
      SampleKind::kGauge, [](const SignalingStatus& status) { return status.records.waiting; });
  add("confab_store_records_total", "Records of calls that were stored.", SampleKind::kCounter,
      [](const SignalingStatus& status) { return status.records.written; });
  add("confab_store_records_dropped_total", "Records of calls lost because too many waited.",
      SampleKind::kCounter, [](const SignalingStatus& status) { return status.records.dropped; });
  add("confab_store_records_refused_total", "Records of calls that the store cannot take.",
      SampleKind::kCounter, [](const SignalingStatus& status) { return status.records.refused; });
  add("confab_media_up", "1 while signaling reaches a media service.", SampleKind::kGauge,
      [](const SignalingStatus& status) { return status.media_is_up ? 1 : 0; });
  sampled_metrics_.push_back(environment_.metrics.AddSampled(
      {"confab_signaling_media_rooms", "Rooms of this signaling instance, by media instance."},
      SampleKind::kGauge, [this] {
        std::vector<Sample> samples;
        for (const signaling::MediaInstanceStatus& media : signaling_->media_status()) {
          samples.push_back({{{"media", media.id}}, static_cast<double>(media.rooms)});
        }
        return samples;
      }));
}

void SignalingPart::AddSocketMetrics() {
  for (const SocketMetric& metric : kSocketMetrics) {
    sampled_metrics_.push_back(environment_.metrics.AddSampled(
        metric.name, observe::SampleKind::kCounter, [this, count = metric.count] {
          return std::vector<observe::Sample>{
              {{}, static_cast<double>(signaling_->status().*count)}};
        }));
  }
}

void SignalingPart::AddPlacementMetrics() {
  using observe::Sample, observe::SampleKind;
  using signaling::PlacementStatus, signaling::RoomLease;
  const auto add = [this](const char* name, const char* help, SampleKind kind, auto read) {
    sampled_metrics_.push_back(environment_.metrics.AddSampled({name, help}, kind, [this, read] {
      return std::vector<Sample>{{{}, static_cast<double>(read(signaling_->status().placement))}};
    }));
  };
  sampled_metrics_.push_back(environment_.metrics.AddSampled(
      {"confab_placement_rooms", "Rooms of this signaling instance, by the state of their lease."},
      SampleKind::kGauge, [this] {
        std::vector<Sample> samples;
        const PlacementStatus status = signaling_->status().placement;
        for (size_t i = 0; i < RoomLease::kStates; ++i) {
          const auto state = ToString(static_cast<RoomLease::State>(i));
          samples.push_back(
              {{{"state", std::string(state)}}, static_cast<double>(status.rooms[i])});
        }
        return samples;
      }));
  sampled_metrics_.push_back(environment_.metrics.AddSampled(
      {"confab_placement_claims_total", "Claims of rooms at the store, by what became of them."},
      SampleKind::kCounter, [this] {
        const PlacementStatus status = signaling_->status().placement;
        return std::vector<Sample>{
            {{{"outcome", "granted"}}, static_cast<double>(status.claims_granted)},
            {{{"outcome", "refused"}}, static_cast<double>(status.claims_refused)}};
      }));
  add("confab_placement_media_refusals_total",
      "Rooms that a media instance did not take: it was full, or drained.", SampleKind::kCounter,
      [](const PlacementStatus& status) { return status.takes_refused; });
  add("confab_placement_moves_total", "Rooms that went to another media instance.",
      SampleKind::kCounter, [](const PlacementStatus& status) { return status.moves; });
  add("confab_placement_waits_refused_total",
      "Joins refused because the room had no media instance.", SampleKind::kCounter,
      [](const PlacementStatus& status) { return status.waits_refused; });
  add("confab_placement_store_faults_total", "Calls to the store about placements that failed.",
      SampleKind::kCounter, [](const PlacementStatus& status) { return status.store_faults; });
  add("confab_placement_store_lag_seconds",
      "How long the store's last answer about a placement took.", SampleKind::kGauge,
      [](const PlacementStatus& status) {
        return static_cast<double>(status.store_lag.us()) / 1'000'000;
      });
}

}  // namespace confab::app
