#include "sfu/transport_figures.h"

#include "sfu/transport.h"

namespace confab::sfu {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;

}  // namespace

ProducerFigures FiguresOf(const Producer& producer) {
  ProducerFigures figures;
  for (const ProducerStream& stream : producer.streams()) {
    figures.keyframes += stream.keyframes_received();
    figures.keyframe_requests += stream.keyframes_requested();
    figures.nacks += stream.nack().requested();
    figures.recovered += stream.nack().recovered();
    const rtc::ReceptionStatistics* statistics = stream.statistics_if_started();
    if (statistics == nullptr) continue;
    figures.packets += statistics->packets();
    figures.bytes += statistics->bytes();
    figures.lost += statistics->cumulative_lost();
    const auto jitter =
        TimeDelta::Micros(statistics->jitter() * kMicrosPerSecond / int64_t{stream.clock_rate()});
    figures.jitter = std::max(figures.jitter, jitter);
  }
  return figures;
}

ConsumerFigures FiguresOf(const Consumer& consumer) {
  const rtc::Session& session = consumer.transport().session();
  const rtc::OutgoingStream& stream = session.stream(consumer.streams().media);
  ConsumerFigures figures{.packets = stream.packets,
                          .bytes = stream.payload_octets,
                          .lost = consumer.packets_lost(),
                          .round_trip = consumer.round_trip()};
  if (const auto& rtx = consumer.streams().rtx) {
    figures.retransmissions = session.stream(*rtx).packets;
  }
  return figures;
}

TransportFigures FiguresOf(const Transport& transport) {
  const rtc::Session& session = transport.session();
  TransportFigures figures{.path = session.send_path(),
                           .checks = session.ice().authenticated(),
                           .traffic = session.counters(),
                           .media = transport.closed_media(),
                           .producers = transport.producers().size(),
                           .consumers = transport.consumers().size()};
  if (!transport.is_plain()) {
    figures.ice = session.ice().state();
    figures.dtls = session.dtls().state();
  }
  for (const auto& producer : transport.producers()) {
    figures.media.received += FiguresOf(*producer);
  }
  for (const auto& consumer : transport.consumers()) figures.media.sent += FiguresOf(*consumer);
  return figures;
}

}  // namespace confab::sfu
