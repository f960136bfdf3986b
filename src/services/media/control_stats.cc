// What the control API tells of transports, producers and consumers.

#include <algorithm>

#include "rtc/srtp/srtp_profile_names.h"
#include "services/media/control_api.h"
#include "services/media/convert/rtp_to_proto.h"
#include "services/media/tcp_connections.h"

namespace confab::media {
namespace {

std::string ToText(rtc::IceState state) {
  switch (state) {
    case rtc::IceState::kNew: return "new";
    case rtc::IceState::kConnected: return "connected";
    case rtc::IceState::kDisconnected: return "disconnected";
  }
  return "unknown";
}

std::string ToText(rtc::DtlsState state) {
  switch (state) {
    case rtc::DtlsState::kNew: return "new";
    case rtc::DtlsState::kConnecting: return "connecting";
    case rtc::DtlsState::kConnected: return "connected";
    case rtc::DtlsState::kFailed: return "failed";
    case rtc::DtlsState::kClosed: return "closed";
  }
  return "unknown";
}

std::string ToText(rtc::MediaKind kind) {
  return kind == rtc::MediaKind::kAudio ? "audio" : "video";
}

void AddPlain(const sfu::Transport& transport, pb::TransportStats& stats) {
  stats.set_local_address(transport.plain().options().rtp.address.ToString());
  const auto& rtcp = transport.session().rtcp_send_path();
  if (rtcp && !transport.plain().is_muxed()) stats.set_rtcp_remote_address(rtcp->remote.ToString());
}

void AddTransport(const sfu::Transport& transport, pb::StatsResponse& response) {
  const rtc::Session& session = transport.session();
  const rtc::SessionCounters& counters = session.counters();
  pb::TransportStats& stats = *response.add_transports();
  stats.set_transport_id(transport.id());
  stats.set_type(transport.is_plain() ? "plain" : "webrtc");
  if (transport.is_plain()) {
    AddPlain(transport, stats);
  } else {
    stats.set_ice_state(ToText(session.ice().state()));
    stats.set_dtls_state(ToText(session.dtls().state()));
  }
  if (const auto& srtp = session.dtls().srtp();
      srtp && srtp->local.profile != rtc::SrtpProfile::kClear) {
    stats.set_srtp_profile(std::string(ToString(srtp->local.profile)));
  }
  if (const auto& path = session.send_path()) {
    stats.set_protocol(TcpConnections::IsConnection(path->local) ? "tcp" : "udp");
    stats.set_remote_address(path->remote.ToString());
  }
  stats.set_packets_received(counters.packets_received);
  stats.set_bytes_received(counters.bytes_received);
  stats.set_packets_sent(counters.packets_sent);
  stats.set_bytes_sent(counters.bytes_sent);
  for (size_t i = 0; i < rtc::kDropReasons; ++i) {
    const auto reason = static_cast<rtc::DropReason>(i);
    if (const uint64_t count = counters.drops[reason]) {
      (*stats.mutable_drops())[std::string(ToString(reason))] = count;
    }
  }
}

void AddProducer(const sfu::Producer& producer, pb::StatsResponse& response) {
  pb::ProducerStats& stats = *response.add_producers();
  stats.set_producer_id(producer.id());
  stats.set_transport_id(producer.transport().id());
  stats.set_kind(ToText(producer.kind()));
  stats.set_audio_level_dbov(producer.audio_level_dbov);
  uint64_t packets = 0, bytes = 0, keyframes = 0, requests = 0, nacks = 0, recovered = 0;
  int64_t lost = 0;
  double jitter_ms = 0;
  for (const sfu::ProducerStream& stream : producer.streams()) {
    keyframes += stream.keyframes_received();
    requests += stream.keyframes_requested();
    nacks += stream.nack().requested();
    recovered += stream.nack().recovered();
    const rtc::ReceptionStatistics* statistics = stream.statistics_if_started();
    if (statistics == nullptr) continue;
    packets += statistics->packets();
    bytes += statistics->bytes();
    lost += statistics->cumulative_lost();
    jitter_ms = std::max(jitter_ms, 1000.0 * statistics->jitter() / stream.clock_rate());
  }
  stats.set_packets_received(packets);
  stats.set_bytes_received(bytes);
  stats.set_packets_lost(lost);
  stats.set_jitter_ms(jitter_ms);
  stats.set_keyframes(keyframes);
  stats.set_keyframe_requests(requests);
  stats.set_nacks(nacks);
  stats.set_recovered(recovered);
}

void AddConsumer(const sfu::Transport& transport, const sfu::Consumer& consumer,
                 pb::StatsResponse& response) {
  const rtc::OutgoingStream& stream = transport.session().stream(consumer.streams().media);
  pb::ConsumerStats& stats = *response.add_consumers();
  stats.set_consumer_id(consumer.id());
  stats.set_producer_id(consumer.producer().id());
  stats.set_transport_id(transport.id());
  stats.set_kind(ToText(consumer.producer().kind()));
  stats.set_packets_sent(stream.packets);
  stats.set_bytes_sent(stream.payload_octets);
  stats.set_packets_lost(consumer.packets_lost());
  stats.set_round_trip_ms(static_cast<double>(consumer.round_trip().us()) / 1000);
  if (const auto& rtx = consumer.streams().rtx) {
    stats.set_retransmissions(transport.session().stream(*rtx).packets);
  }
}

void Describe(const sfu::Consumer& consumer, pb::ConsumerStats& stats) {
  stats.set_type(std::string(ToString(consumer.producer().type())));
  stats.set_paused(consumer.paused());
  *stats.mutable_rtp_parameters() = ToProto(consumer.parameters());
}

}  // namespace

grpc::ServerUnaryReactor* ControlApi::Stats(grpc::CallbackServerContext* context,
                                            const pb::StatsRequest* request,
                                            pb::StatsResponse* response) {
  return Run(context, Target::Of(*request, "Stats"),
             [request, response](sfu::Worker& worker, Timestamp) -> Finish {
               const auto router = worker.FindRouter(request->router_id());
               if (!router) {
                 return [error = router.error()] { return Result<void>(std::unexpected(error)); };
               }
               // Numbers of live objects: filled here, on their thread.
               for (const auto& [id, transport] : (*router)->transports()) {
                 const auto& wanted = request->transport_ids();
                 if (!wanted.empty() && std::ranges::find(wanted, id) == wanted.end()) continue;
                 AddTransport(*transport, *response);
                 for (const auto& producer : transport->producers()) {
                   AddProducer(*producer, *response);
                 }
                 for (const auto& consumer : transport->consumers()) {
                   AddConsumer(*transport, *consumer, *response);
                   if (!request->describe()) continue;
                   Describe(*consumer, *response->mutable_consumers()->rbegin());
                 }
               }
               return [] { return Result<void>(); };
             });
}

}  // namespace confab::media
