// What the control API tells of transports, producers and consumers.

#include <algorithm>

#include "rtc/srtp/srtp_profile_names.h"
#include "services/media/control_api.h"
#include "services/media/convert/rtp_to_proto.h"
#include "services/media/local_ends.h"
#include "sfu/transport_figures.h"

namespace confab::media {
namespace {

std::string ToText(rtc::MediaKind kind) {
  return kind == rtc::MediaKind::kAudio ? "audio" : "video";
}

double ToMillis(TimeDelta time) {
  return static_cast<double>(time.us()) / 1000;
}

void AddPlain(const sfu::Transport& transport, pb::TransportStats& stats) {
  stats.set_local_address(transport.plain().options().rtp.address.ToString());
  const auto& rtcp = transport.session().rtcp_send_path();
  if (rtcp && !transport.plain().is_muxed()) stats.set_rtcp_remote_address(rtcp->remote.ToString());
}

void AddTraffic(const rtc::SessionCounters& traffic, pb::TransportStats& stats) {
  stats.set_packets_received(traffic.packets_received);
  stats.set_bytes_received(traffic.bytes_received);
  stats.set_packets_sent(traffic.packets_sent);
  stats.set_bytes_sent(traffic.bytes_sent);
  for (size_t i = 0; i < rtc::kDropReasons; ++i) {
    const auto reason = static_cast<rtc::DropReason>(i);
    if (const uint64_t count = traffic.drops[reason]) {
      (*stats.mutable_drops())[std::string(ToString(reason))] = count;
    }
  }
}

void AddTransport(const sfu::Transport& transport, const LocalEnds& ends,
                  pb::StatsResponse& response) {
  const sfu::TransportFigures figures = FiguresOf(transport);
  pb::TransportStats& stats = *response.add_transports();
  stats.set_transport_id(transport.id());
  stats.set_type(transport.is_plain() ? "plain" : "webrtc");
  if (transport.is_plain()) AddPlain(transport, stats);
  if (figures.ice) stats.set_ice_state(std::string(ToString(*figures.ice)));
  if (figures.dtls) stats.set_dtls_state(std::string(ToString(*figures.dtls)));
  if (const auto& srtp = transport.session().dtls().srtp();
      srtp && srtp->local.profile != rtc::SrtpProfile::kClear) {
    stats.set_srtp_profile(std::string(ToString(srtp->local.profile)));
  }
  if (const auto path = ends.Of(figures.path)) {
    stats.set_protocol(std::string(path->protocol));
    stats.set_remote_address(path->remote.ToString());
  }
  AddTraffic(figures.traffic, stats);
}

void AddProducer(const sfu::Producer& producer, pb::StatsResponse& response) {
  const sfu::ProducerFigures figures = FiguresOf(producer);
  pb::ProducerStats& stats = *response.add_producers();
  stats.set_producer_id(producer.id());
  stats.set_transport_id(producer.transport().id());
  stats.set_kind(ToText(producer.kind()));
  stats.set_audio_level_dbov(producer.audio_level_dbov);
  stats.set_packets_received(figures.packets);
  stats.set_bytes_received(figures.bytes);
  stats.set_packets_lost(figures.lost);
  stats.set_jitter_ms(ToMillis(figures.jitter));
  stats.set_keyframes(figures.keyframes);
  stats.set_keyframe_requests(figures.keyframe_requests);
  stats.set_nacks(figures.nacks);
  stats.set_recovered(figures.recovered);
}

void AddConsumer(const sfu::Consumer& consumer, pb::StatsResponse& response) {
  const sfu::ConsumerFigures figures = FiguresOf(consumer);
  pb::ConsumerStats& stats = *response.add_consumers();
  stats.set_consumer_id(consumer.id());
  stats.set_producer_id(consumer.producer().id());
  stats.set_transport_id(consumer.transport().id());
  stats.set_kind(ToText(consumer.producer().kind()));
  stats.set_packets_sent(figures.packets);
  stats.set_bytes_sent(figures.bytes);
  stats.set_packets_lost(figures.lost);
  stats.set_round_trip_ms(ToMillis(figures.round_trip));
  stats.set_retransmissions(figures.retransmissions);
}

void Describe(const sfu::Producer& producer, pb::ProducerStats& stats) {
  stats.set_paused(producer.paused());
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
             [request, response, ends = &WorkerOf(request->router_id()).local_ends()](
                 sfu::Worker& worker, Timestamp) -> Finish {
               const auto router = worker.FindRouter(request->router_id());
               if (!router) {
                 return [error = router.error()] { return Result<void>(std::unexpected(error)); };
               }
               // Numbers of live objects: filled here, on their thread.
               for (const auto& [id, transport] : (*router)->transports()) {
                 const auto& wanted = request->transport_ids();
                 if (!wanted.empty() && std::ranges::find(wanted, id) == wanted.end()) continue;
                 AddTransport(*transport, *ends, *response);
                 for (const auto& producer : transport->producers()) {
                   AddProducer(*producer, *response);
                   if (!request->describe()) continue;
                   Describe(*producer, *response->mutable_producers()->rbegin());
                 }
                 for (const auto& consumer : transport->consumers()) {
                   AddConsumer(*consumer, *response);
                   if (!request->describe()) continue;
                   Describe(*consumer, *response->mutable_consumers()->rbegin());
                 }
               }
               return [] { return Result<void>(); };
             });
}

}  // namespace confab::media
