#include "services/media/media_log.h"

namespace confab::media {
namespace {

using observe::LogEvent, observe::LogLevel;

// The peer said goodbye, or signaling asked for it: nothing is wrong.
bool IsOrderly(std::string_view reason) {
  return reason == "asked" || reason == "dtls-closed";
}

}  // namespace

void MediaLog::TransportCreated(const CallScope& scope, std::string_view router_id,
                                std::string_view id, Kind kind) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kTransportCreated, scope,
              {{"transport", id},
               {"router", router_id},
               {"kind", kind == Kind::kPlain ? "plain" : "webrtc"}});
}

void MediaLog::TransportConnected(const CallScope& scope, std::string_view router_id,
                                  std::string_view id) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kTransportConnected, scope,
              {{"transport", id}, {"router", router_id}});
}

void MediaLog::TransportClosed(const CallScope& scope, std::string_view router_id,
                               std::string_view id, std::string_view reason) const {
  logger_.Log(IsOrderly(reason) ? LogLevel::kInfo : LogLevel::kWarning, LogEvent::kTransportClosed,
              scope, {{"transport", id}, {"router", router_id}, {"reason", reason}});
}

void MediaLog::RouterClosing(const sfu::Router& router, std::string_view reason) const {
  for (const auto& [id, transport] : router.transports()) {
    TransportClosed(transport->scope(), transport->router_id(), id, reason);
  }
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
