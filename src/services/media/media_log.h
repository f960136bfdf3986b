#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/call_scope.h"
#include "base/error.h"
#include "observe/logger.h"
#include "rtc/ice/ice_candidate.h"
#include "services/media/local_ends.h"
#include "sfu/router.h"
#include "sfu/worker_event.h"

namespace confab::media {

// A transport that a command closes, as it was just before: gathered on the worker, to be written
// elsewhere.
struct ClosingTransport {
  sfu::TransportClosed told;
  std::optional<PathEnds> path;

  static ClosingTransport Of(const sfu::Transport& transport, std::string_view reason,
                             const LocalEnds& ends);
  // All that are on the router.
  static std::vector<ClosingTransport> AllOf(const sfu::Router& router, std::string_view reason,
                                             const LocalEnds& ends);
};

// What the log says of transports and what is on them, and of calls that failed. Whom a line is
// about, signaling has said with the call that made the transport. A value; any thread.
class MediaLog {
 public:
  MediaLog() = default;
  explicit MediaLog(observe::Logger logger) : logger_(std::move(logger)) {}

  // Of the service's, by number.
  void WorkerStarted(size_t worker, uint16_t port) const;
  void WorkerStopped(size_t worker) const;
  // `announced`: where its peer was told to come.
  void TransportCreated(const CallScope& scope, std::string_view router_id, std::string_view id,
                        std::span<const rtc::IceCandidate> announced) const;
  void PlainTransportCreated(const CallScope& scope, std::string_view router_id,
                             std::string_view id) const;
  // The ends are those of the path that the event tells of.
  void TransportConnected(const sfu::TransportConnected& connected,
                          const std::optional<PathEnds>& path) const;
  void TransportMoved(const sfu::TransportMoved& moved, const std::optional<PathEnds>& path) const;
  void TransportReport(const sfu::TransportReport& report,
                       const std::optional<PathEnds>& path) const;
  // Its reason: of sfu::TransportClosed, or what closed its router; "asked" where signaling did.
  void TransportClosed(const sfu::TransportClosed& closed,
                       const std::optional<PathEnds>& path) const;
  void TransportsClosed(std::span<const ClosingTransport> closed) const {
    for (const ClosingTransport& each : closed) TransportClosed(each.told, each.path);
  }
  void ProducerAdded(const CallScope& scope, std::string_view id, std::string_view kind,
                     std::string_view type) const;
  void ProducerClosed(const CallScope& scope, std::string_view id) const;
  void Consumed(const CallScope& scope, size_t made, size_t refused) const;
  void Failed(const CallScope& scope, std::string_view call, std::string_view router_id,
              const Error& error) const;

 private:
  observe::Logger logger_;
};

}  // namespace confab::media
