#pragma once

#include <cstdint>
#include <string_view>

namespace confab::observe {

// Every kind of line that the program logs. The text form (ToString) is what people search and
// alert on, so it stays the same across releases; details go into fields.
enum class LogEvent : uint8_t {
  kServiceStarted,
  kServiceStopping,
  kServiceStopped,
  kServiceFailed,
  kConfigurationWarning,
  kSelfCheckPassed,
  kSelfCheckFailed,
  kLogLinesDropped,
  kLogFolderLost,
  kLogFolderBack,
  kApiCall,
  kHttpRequest,
  kHttpFailed,
  kConnectionOpened,
  kConnectionClosed,
  kConnectionRefused,
  kConnectionsRefused,
  kMessageRefused,
  kRoomOpened,
  kRoomClosed,
  kRoomPlaced,
  kRoomMoved,
  kRoomHomeless,
  kParticipantJoined,
  kParticipantLeft,
  kParticipantLost,
  kParticipantResumed,
  kParticipantRefused,
  kTransportCreated,
  kTransportConnected,
  kTransportMoved,
  kTransportReport,
  kTransportClosed,
  kProducerAdded,
  kProducerPaused,
  kProducerResumed,
  kProducerClosed,
  kConsumerAdded,
  kClientReport,
  kClientFailed,
  kMediaCallFailed,
  kMediaLost,
  kMediaBack,
  kWorkerStarted,
  kWorkerStopped,
  kDiscoveryAnnounced,
  kDiscoveryWithdrawn,
  kDiscoveryLost,
  kDiscoveryBack,
  kDiscoveryEntrySkipped,
  kOpenIdKeysLost,
  kStoreReady,
  kStoreLost,
  kStoreBack,
  kStoreRecordLost,
  kBusReady,
  kBusLost,
  kBusBack,
  kBusWiped,
  kRelayReady,
  kRelayLost,
  kRelayBack,
  kInternalError,
};
inline constexpr size_t kLogEventCount = static_cast<size_t>(LogEvent::kInternalError) + 1;

// For example "participant.joined".
std::string_view ToString(LogEvent event);

enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };

// "debug", "info", "warning", "error".
std::string_view ToString(LogLevel level);

}  // namespace confab::observe
