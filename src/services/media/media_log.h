#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/call_scope.h"
#include "base/error.h"
#include "observe/logger.h"
#include "sfu/router.h"

namespace confab::media {

// What the log says of transports and what is on them, and of calls that failed. Whom a line is
// about, signaling has said with the call that made the transport. A value; any thread.
class MediaLog {
 public:
  MediaLog() = default;
  explicit MediaLog(observe::Logger logger) : logger_(std::move(logger)) {}

  enum class Kind : uint8_t { kWebRtc, kPlain };
  void TransportCreated(const CallScope& scope, std::string_view router_id, std::string_view id,
                        Kind kind) const;
  void TransportConnected(const CallScope& scope, std::string_view router_id,
                          std::string_view id) const;
  // Why: of sfu::TransportClosed, or what closed its router; "asked" where signaling did.
  void TransportClosed(const CallScope& scope, std::string_view router_id, std::string_view id,
                       std::string_view reason) const;
  // All that are on the router, which is about to be closed.
  void RouterClosing(const sfu::Router& router, std::string_view reason) const;
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
