#include "observe/log_event.h"

namespace confab::observe {

std::string_view ToString(LogEvent event) {
  switch (event) {
    case LogEvent::kServiceStarted: return "service.started";
    case LogEvent::kServiceStopping: return "service.stopping";
    case LogEvent::kServiceStopped: return "service.stopped";
    case LogEvent::kServiceFailed: return "service.failed";
    case LogEvent::kConfigurationWarning: return "configuration.warning";
    case LogEvent::kSelfCheckPassed: return "self_check.passed";
    case LogEvent::kSelfCheckFailed: return "self_check.failed";
    case LogEvent::kLogLinesDropped: return "log.lines_dropped";
    case LogEvent::kLogFolderLost: return "log.folder_lost";
    case LogEvent::kLogFolderBack: return "log.folder_back";
    case LogEvent::kApiCall: return "api.call";
    case LogEvent::kHttpRequest: return "http.request";
    case LogEvent::kHttpFailed: return "http.failed";
    case LogEvent::kConnectionOpened: return "connection.opened";
    case LogEvent::kConnectionClosed: return "connection.closed";
    case LogEvent::kConnectionRefused: return "connection.refused";
    case LogEvent::kConnectionsRefused: return "connections.refused";
    case LogEvent::kMessageRefused: return "message.refused";
    case LogEvent::kRoomOpened: return "room.opened";
    case LogEvent::kRoomClosed: return "room.closed";
    case LogEvent::kRoomPlaced: return "room.placed";
    case LogEvent::kRoomMoved: return "room.moved";
    case LogEvent::kRoomHomeless: return "room.homeless";
    case LogEvent::kParticipantJoined: return "participant.joined";
    case LogEvent::kParticipantLeft: return "participant.left";
    case LogEvent::kParticipantLost: return "participant.lost";
    case LogEvent::kParticipantResumed: return "participant.resumed";
    case LogEvent::kParticipantRefused: return "participant.refused";
    case LogEvent::kTransportCreated: return "transport.created";
    case LogEvent::kTransportConnected: return "transport.connected";
    case LogEvent::kTransportMoved: return "transport.moved";
    case LogEvent::kTransportReport: return "transport.report";
    case LogEvent::kTransportClosed: return "transport.closed";
    case LogEvent::kProducerAdded: return "producer.added";
    case LogEvent::kProducerPaused: return "producer.paused";
    case LogEvent::kProducerResumed: return "producer.resumed";
    case LogEvent::kProducerClosed: return "producer.closed";
    case LogEvent::kConsumerAdded: return "consumer.added";
    case LogEvent::kClientReport: return "client.report";
    case LogEvent::kClientFailed: return "client.failed";
    case LogEvent::kMediaCallFailed: return "media.call_failed";
    case LogEvent::kMediaLost: return "media.lost";
    case LogEvent::kMediaBack: return "media.back";
    case LogEvent::kWorkerStarted: return "worker.started";
    case LogEvent::kWorkerStopped: return "worker.stopped";
    case LogEvent::kDiscoveryAnnounced: return "discovery.announced";
    case LogEvent::kDiscoveryWithdrawn: return "discovery.withdrawn";
    case LogEvent::kDiscoveryLost: return "discovery.lost";
    case LogEvent::kDiscoveryBack: return "discovery.back";
    case LogEvent::kDiscoveryEntrySkipped: return "discovery.entry_skipped";
    case LogEvent::kOpenIdKeysLost: return "openid.keys_lost";
    case LogEvent::kStoreReady: return "store.ready";
    case LogEvent::kStoreLost: return "store.lost";
    case LogEvent::kStoreBack: return "store.back";
    case LogEvent::kStoreRecordLost: return "store.record_lost";
    case LogEvent::kBusReady: return "bus.ready";
    case LogEvent::kBusLost: return "bus.lost";
    case LogEvent::kBusBack: return "bus.back";
    case LogEvent::kBusWiped: return "bus.wiped";
    case LogEvent::kRelayReady: return "relay.ready";
    case LogEvent::kRelayLost: return "relay.lost";
    case LogEvent::kRelayBack: return "relay.back";
    case LogEvent::kInternalError: return "internal.error";
  }
  return "unknown";
}

std::string_view ToString(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarning: return "warning";
    case LogLevel::kError: return "error";
  }
  return "unknown";
}

}  // namespace confab::observe
