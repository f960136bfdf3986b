#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "services/signaling/protocol/json.h"
#include "services/signaling/protocol/requests.h"

namespace confab::signaling {

// What a page tells of its own call, for the log (docs/signaling-protocol.md, "What the page
// sees"). Every value is in range and every word one of ours: nothing else comes into a line.

constexpr TimeDelta kMaxReportedTime = TimeDelta::Seconds(3600);
constexpr int64_t kMaxReportedCount = 9007199254740991;  // exact in JavaScript
constexpr size_t kMaxReportedTransports = 2;
constexpr size_t kMaxFailureIdSize = 36;
constexpr size_t kMaxFailureCodeSize = 40;
// In code points, after cleaning.
constexpr size_t kMaxFailureLength = 300;

enum class ReportPhase : uint8_t { kJoined, kRunning, kEnded };
// RTCIceTransportState.
enum class IceState : uint8_t {
  kNew,
  kChecking,
  kConnected,
  kCompleted,
  kDisconnected,
  kFailed,
  kClosed
};
// RTCIceCandidateType.
enum class CandidateType : uint8_t { kHost, kServerReflexive, kPeerReflexive, kRelay };
enum class PathProtocol : uint8_t { kUdp, kTcp };
// Between the client and its relay.
enum class RelayProtocol : uint8_t { kUdp, kTcp, kTls };

std::string_view ToString(ReportPhase phase);
std::string_view ToString(IceState state);
std::string_view ToString(CandidateType type);
std::string_view ToString(PathProtocol protocol);
std::string_view ToString(RelayProtocol protocol);

using ReportedCount = std::optional<int64_t>;  // 0 to kMaxReportedCount

// Since the click.
struct ReportedStages {
  std::optional<TimeDelta> reply;
  std::optional<TimeDelta> ice;
  std::optional<TimeDelta> dtls;
  std::optional<TimeDelta> packet;
  std::optional<TimeDelta> frame;
};

struct ReportedTransport {
  Direction direction = Direction::kSend;
  std::optional<IceState> state;
  // The candidate pair in use.
  std::optional<CandidateType> local_type;
  std::optional<CandidateType> remote_type;
  std::optional<PathProtocol> protocol;
  std::optional<RelayProtocol> relay_protocol;
  ReportedCount checks_sent;
  ReportedCount checks_answered;
  ReportedCount round_trip_ms;
};

// Since the join.
struct ReportedSending {
  ReportedCount packets;
  ReportedCount bytes;
  ReportedCount lost;  // as the server told
  ReportedCount round_trip_ms;
};
struct ReportedReceiving {
  ReportedCount packets;
  ReportedCount bytes;
  ReportedCount lost;
  ReportedCount jitter_ms;
  ReportedCount freezes;
  ReportedCount freeze_ms;
  ReportedCount concealed_ms;
  ReportedCount frames;
};

struct ClientReport {
  ReportPhase phase = ReportPhase::kRunning;
  ReportedStages stages;
  std::vector<ReportedTransport> transports;  // one of each direction at most
  std::vector<RelayProtocol> relays_failed;   // none twice
  ReportedSending sent;
  ReportedReceiving received;
};
Result<ClientReport> ParseReport(const json::value& payload);

// A failure that the page showed to its user and of which no server knew.
struct ClientFailure {
  std::string id;       // of [A-Za-z0-9-], as the page shows it
  std::string code;     // of [a-z0-9_]
  std::string message;  // clean, one line
  TimeDelta ago;        // how long before it was told
};
Result<ClientFailure> ParseFailure(const json::value& payload);

}  // namespace confab::signaling
