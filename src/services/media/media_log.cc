#include "services/media/media_log.h"

#include "services/media/transport_fields.h"

namespace confab::media {
namespace {

using observe::LogEvent, observe::LogLevel;

// The peer said goodbye, or signaling asked for it: nothing is wrong.
bool IsOrderly(std::string_view reason) {
  return reason == "asked" || reason == "dtls-closed";
}

// Room for all that a report has.
constexpr size_t kMostFields = 32;

// Which transport an event is about.
LogFields FieldsFor(const auto& event) {
  LogFields fields;
  fields.reserve(kMostFields);
  fields.emplace_back("transport", event.transport_id);
  fields.emplace_back("router", event.router_id);
  return fields;
}

// "192.0.2.1:40000,[2001:db8::1]:40000". The TCP ones are the same.
std::string ToText(std::span<const rtc::IceCandidate> candidates) {
  std::string text;
  for (const rtc::IceCandidate& candidate : candidates) {
    if (candidate.protocol != rtc::IceProtocol::kUdp) continue;
    const auto address = SocketAddress::Parse(candidate.ip, candidate.port);
    if (!address) continue;
    if (!text.empty()) text += ',';
    text += address->ToString();
  }
  return text;
}

}  // namespace

ClosingTransport ClosingTransport::Of(const sfu::Transport& transport, std::string_view reason,
                                      const LocalEnds& ends) {
  ClosingTransport closing{.told = sfu::DescribeClosing(transport, reason), .path = {}};
  closing.path = ends.Of(closing.told.figures.path);
  return closing;
}

std::vector<ClosingTransport> ClosingTransport::AllOf(const sfu::Router& router,
                                                      std::string_view reason,
                                                      const LocalEnds& ends) {
  std::vector<ClosingTransport> all;
  all.reserve(router.transports().size());
  for (const auto& [id, transport] : router.transports()) {
    all.push_back(Of(*transport, reason, ends));
  }
  return all;
}

void MediaLog::WorkerStarted(size_t worker, uint16_t port) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kWorkerStarted, {{"worker", worker}, {"port", port}});
}

void MediaLog::WorkerStopped(size_t worker) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kWorkerStopped, {{"worker", worker}});
}

void MediaLog::TransportCreated(const CallScope& scope, std::string_view router_id,
                                std::string_view id,
                                std::span<const rtc::IceCandidate> announced) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kTransportCreated, scope,
              {{"transport", id},
               {"router", router_id},
               {"kind", "webrtc"},
               {"announced", ToText(announced)}});
}

void MediaLog::PlainTransportCreated(const CallScope& scope, std::string_view router_id,
                                     std::string_view id) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kTransportCreated, scope,
              {{"transport", id}, {"router", router_id}, {"kind", "plain"}});
}

void MediaLog::TransportConnected(const sfu::TransportConnected& connected,
                                  const std::optional<PathEnds>& path) const {
  if (!logger_.is_enabled(LogLevel::kInfo)) return;
  LogFields fields = FieldsFor(connected);
  AddPath(path, fields);
  fields.emplace_back("after_us", connected.after);
  logger_.Log(LogLevel::kInfo, LogEvent::kTransportConnected, connected.scope, fields);
}

void MediaLog::TransportMoved(const sfu::TransportMoved& moved,
                              const std::optional<PathEnds>& path) const {
  if (!logger_.is_enabled(LogLevel::kInfo)) return;
  LogFields fields = FieldsFor(moved);
  AddPath(path, fields);
  logger_.Log(LogLevel::kInfo, LogEvent::kTransportMoved, moved.scope, fields);
}

void MediaLog::TransportReport(const sfu::TransportReport& report,
                               const std::optional<PathEnds>& path) const {
  if (!logger_.is_enabled(LogLevel::kInfo)) return;
  LogFields fields = FieldsFor(report);
  AddPath(path, fields);
  AddFigures(report.figures, fields);
  logger_.Log(LogLevel::kInfo, LogEvent::kTransportReport, report.scope, fields);
}

void MediaLog::TransportClosed(const sfu::TransportClosed& closed,
                               const std::optional<PathEnds>& path) const {
  const LogLevel level = IsOrderly(closed.reason) ? LogLevel::kInfo : LogLevel::kWarning;
  if (!logger_.is_enabled(level)) return;
  LogFields fields = FieldsFor(closed);
  fields.emplace_back("reason", closed.reason);
  AddPath(path, fields);
  AddFigures(closed.figures, fields);
  logger_.Log(level, LogEvent::kTransportClosed, closed.scope, fields);
}

void MediaLog::ProducerAdded(const CallScope& scope, std::string_view id, std::string_view kind,
                             std::string_view type) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kProducerAdded, scope,
              {{"producer", id}, {"kind", kind}, {"type", type}});
}

void MediaLog::ProducerClosed(const CallScope& scope, std::string_view id) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kProducerClosed, scope, {{"producer", id}});
}

void MediaLog::Consumed(const CallScope& scope, size_t made, size_t refused) const {
  // In a room of many these are the square of its people.
  logger_.Log(LogLevel::kDebug, LogEvent::kConsumerAdded, scope,
              {{"count", made}, {"refused", refused}});
}

void MediaLog::Failed(const CallScope& scope, std::string_view call, std::string_view router_id,
                      const Error& error) const {
  logger_.Log(
      LogLevel::kWarning, LogEvent::kMediaCallFailed, scope,
      {{"call", call}, {"router", router_id}, {"code", error.code}, {"message", error.message}});
}

}  // namespace confab::media
