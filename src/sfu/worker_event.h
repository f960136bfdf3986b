#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/call_scope.h"
#include "base/units.h"
#include "rtc/types.h"
#include "sfu/transport_figures.h"

namespace confab::sfu {

// What a call closed besides what it named: others have to be told.
struct ClosedEntities {
  std::vector<std::string> producers;
  std::vector<std::string> consumers;
};

// What a worker tells of its own accord. `scope` is the transport's.
struct TransportConnected {
  std::string router_id;
  std::string transport_id;
  CallScope scope = {};
  std::optional<rtc::Path> path = {};
  TimeDelta after = {};  // since it was made
};
// Its peer has chosen another path after it connected; see TransportRecord::kMaxMoves.
struct TransportMoved {
  std::string router_id;
  std::string transport_id;
  CallScope scope = {};
  rtc::Path path = {};
};
// How it has gone so far, every now and then: see TransportRecord.
struct TransportReport {
  std::string router_id;
  std::string transport_id;
  CallScope scope = {};
  TransportFigures figures = {};
};
struct TransportClosed {
  std::string router_id;
  std::string transport_id;
  std::string_view reason;  // "ice-timeout", "dtls-failed", "dtls-closed"; a literal
  ClosedEntities closed = {};
  CallScope scope = {};
  TransportFigures figures = {};  // the last
};
struct ActiveSpeakersChanged {
  struct Speaker {
    std::string producer_id;
    int level_dbov = -127;
  };
  std::string router_id;
  std::vector<Speaker> speakers;     // loudest first
  std::string dominant_producer_id;  // empty: no one
};
using WorkerEvent = std::variant<TransportConnected, TransportMoved, TransportReport,
                                 TransportClosed, ActiveSpeakersChanged>;

// Of a transport that is about to be closed for this reason.
TransportClosed DescribeClosing(const Transport& transport, std::string_view reason);

}  // namespace confab::sfu
