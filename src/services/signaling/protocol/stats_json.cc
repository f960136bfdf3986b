#include "services/signaling/protocol/stats_json.h"

#include <map>
#include <string>

namespace confab::signaling {

namespace pb = media::v1;

json::object ToJson(const pb::TransportStats& stats) {
  json::object drops;
  for (const auto& [reason, count] : std::map(stats.drops().begin(), stats.drops().end())) {
    drops[reason] = count;
  }
  return {{"id", stats.transport_id()},
          {"iceState", stats.ice_state()},
          {"dtlsState", stats.dtls_state()},
          {"srtpProfile", stats.srtp_profile()},
          {"protocol", stats.protocol()},
          {"localAddress", stats.local_address()},
          {"remoteAddress", stats.remote_address()},
          {"packetsReceived", stats.packets_received()},
          {"bytesReceived", stats.bytes_received()},
          {"packetsSent", stats.packets_sent()},
          {"bytesSent", stats.bytes_sent()},
          {"drops", std::move(drops)}};
}

json::object ToJson(const pb::ProducerStats& stats) {
  return {{"id", stats.producer_id()},
          {"transportId", stats.transport_id()},
          {"kind", stats.kind()},
          {"packetsReceived", stats.packets_received()},
          {"bytesReceived", stats.bytes_received()},
          {"packetsLost", stats.packets_lost()},
          {"jitterMs", stats.jitter_ms()},
          {"keyframes", stats.keyframes()},
          {"keyframeRequests", stats.keyframe_requests()},
          {"audioLevel", stats.audio_level_dbov()}};
}

json::object ToJson(const pb::ConsumerStats& stats) {
  return {{"id", stats.consumer_id()},           {"producerId", stats.producer_id()},
          {"transportId", stats.transport_id()}, {"kind", stats.kind()},
          {"packetsSent", stats.packets_sent()}, {"bytesSent", stats.bytes_sent()},
          {"packetsLost", stats.packets_lost()}, {"roundTripMs", stats.round_trip_ms()}};
}

}  // namespace confab::signaling
