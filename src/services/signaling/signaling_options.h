#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "auth/authority.h"
#include "backends/bus/bus.h"
#include "backends/store/store.h"
#include "backends/store/write_behind.h"
#include "base/call_scope.h"
#include "base/error.h"
#include "base/units.h"
#include "net/http_handler.h"
#include "observe/logger.h"
#include "rpc/server.h"
#include "rpc/token.h"
#include "services/signaling/media/media_pool.h"
#include "services/signaling/placement/placement_status.h"
#include "services/signaling/protocol/json.h"
#include "services/signaling/room/room.h"

namespace confab::signaling {

// How rooms find their media instance.
enum class Placement : uint8_t {
  kHashed,  // by their names: where there is one signaling instance, or one media instance
  kLeased,  // by leases in the store, which all signaling instances share
};

// An event that was refused, for the log. Views live during the call.
struct Refusal {
  std::string_view id;  // the error's, as the client has it
  std::string_view event;
  const Error& error;
  CallScope scope;  // without a participant before a join
};

// What those who come later see of what was written to everybody before.
enum class ChatHistory : uint8_t {
  kKept,  // everything that is kept
  kCall,  // since the room was opened
  kOff,   // nothing
};

struct SignalingOptions {
  std::string listen_address = "127.0.0.1";
  uint16_t port = 0;        // 0: the system chooses
  uint16_t port_tries = 1;  // a taken port: the next ones, so many altogether
  // Asked for a channel to each media instance, in-process or over the network. Required.
  MediaConnect connect_media;
  TimeDelta media_deadline = TimeDelta::Seconds(3);  // of one call
  // Verifies the tokens of clients and signs their resume tokens. Required; must outlive the
  // service.
  auth::Authority* authority = nullptr;
  // Keeps which join tokens were used, and the record of calls. nullptr: used tokens are known to
  // this instance alone, and nothing is recorded. Must outlive the service.
  store::Store* store = nullptr;
  // Live state of rooms that other signaling instances have people in, too. nullptr: this instance
  // knows of its own alone. Must outlive the service; is left (Bus::Leave) by who owns it, after
  // the service has stopped.
  bus::Bus* bus = nullptr;
  // Under which sessions are recorded, and what an earlier process of this name left open is ended
  // at the start; "": the instance id, and nothing is ended.
  std::string record_name;
  // Called for every record that the store refuses for good; must not throw. May be empty.
  store::WriteBehind::OnLoss on_record_loss;
  TimeDelta clock_skew = TimeDelta::Seconds(30);
  // How old a resume token becomes before its participant gets a new one.
  TimeDelta resume_renewal = TimeDelta::Seconds(300);
  // kLeased needs a store.
  Placement placement = Placement::kHashed;
  // Of kLeased, for the log; must not throw. May be empty.
  std::function<void(const PlacementNews&)> on_placement;
  // Of kHashed: until rooms leave an instance that is away.
  TimeDelta media_patience = TimeDelta::Seconds(1);
  // RTCIceServer objects for the clients.
  json::array ice_servers;
  RoomLimits room;
  ChatHistory chat_history = ChatHistory::kKept;
  size_t max_rooms = 10'000;
  // Begins every Engine.IO session id: letters, digits, '-' and '_'.
  std::string instance_id = "local";
  // What the state of this instance tells of it.
  std::string version;
  std::string region;
  // Sites that may use this server besides the one it is reached under; "*" for all.
  std::vector<std::string> cors_origins;
  size_t max_connections = 20'000;
  // Answers what is not /socket.io/, on the same port; must outlive the service. May be nullptr.
  net::HttpHandler* other_paths = nullptr;
  // Where gRPC is listened for; the offers are the service's own affair.
  rpc::ServerOptions grpc;
  // Of every call but the health protocol's. Without one every call is refused.
  rpc::TokenCheck check_token;
  // What clients are told to wait before they come back after a shutdown.
  TimeDelta retry_after_shutdown = TimeDelta::Seconds(1);
  observe::Logger logger;
  // Called for every refused event; must not throw. May be empty.
  std::function<void(const Refusal&)> on_refusal;
};

// For /readyz and the metrics.
struct SignalingStatus {
  size_t connections = 0;
  size_t rooms = 0;
  size_t participants = 0;   // those within their grace period included
  bool media_is_up = false;  // rooms can be given media
  // Of the connections below: closed for what they sent, or for what they did not read or answer.
  uint64_t parse_errors = 0;
  uint64_t slow_readers = 0;
  uint64_t ping_timeouts = 0;
  // What socketio::ServerCounters has under these names.
  uint64_t handler_exceptions = 0;
  uint64_t dropped_events = 0;
  store::WriteBehind::Status records;
  PlacementStatus placement;
};

// A media instance as this signaling instance sees it.
struct MediaInstanceStatus {
  std::string id;
  bool is_up = false;
  size_t rooms = 0;  // of this signaling instance
};

}  // namespace confab::signaling
