#include "app/serve/media_metrics.h"

#include <string>
#include <utility>

namespace confab::app {
namespace {

using media::MediaStatus;
using observe::HistogramSample, observe::Sample, observe::SampleKind;

struct StatusMetric {
  observe::MetricName name;
  SampleKind kind;
  double (*value)(const MediaStatus&);
};

const StatusMetric kStatusMetrics[] = {
    {{"confab_media_routers", "Routers, one for each room with media."},
     SampleKind::kGauge,
     [](const MediaStatus& status) { return static_cast<double>(status.routers); }},
    {{"confab_media_transports", "WebRTC transports."},
     SampleKind::kGauge,
     [](const MediaStatus& status) { return static_cast<double>(status.transports); }},
    {{"confab_media_producers", "Audio and video streams that come in."},
     SampleKind::kGauge,
     [](const MediaStatus& status) { return static_cast<double>(status.producers); }},
    {{"confab_media_consumers", "Audio and video streams that go out."},
     SampleKind::kGauge,
     [](const MediaStatus& status) { return static_cast<double>(status.consumers); }},
    {{"confab_media_packets_in_use", "Packets held in the workers' pools."},
     SampleKind::kGauge,
     [](const MediaStatus& status) { return static_cast<double>(status.packets_in_use); }},
    {{"confab_media_path_moves_total", "Sessions that media moved to another address."},
     SampleKind::kCounter,
     [](const MediaStatus& status) { return static_cast<double>(status.path_moves); }},
    {{"confab_media_tcp_connections", "TCP connections for media."},
     SampleKind::kGauge,
     [](const MediaStatus& status) { return static_cast<double>(status.tcp.connections); }},
    {{"confab_media_tcp_accepted_total", "TCP connections for media that were taken."},
     SampleKind::kCounter,
     [](const MediaStatus& status) { return static_cast<double>(status.tcp.accepted); }},
    {{"confab_media_plain_sockets", "UDP sockets of plain transports."},
     SampleKind::kGauge,
     [](const MediaStatus& status) { return static_cast<double>(status.plain_sockets); }},
    {{"confab_media_received_packets_total", "RTP and RTCP packets taken in."},
     SampleKind::kCounter,
     [](const MediaStatus& status) {
       return static_cast<double>(status.traffic.packets_received);
     }},
    {{"confab_media_sent_packets_total", "RTP and RTCP packets sent."},
     SampleKind::kCounter,
     [](const MediaStatus& status) { return static_cast<double>(status.traffic.packets_sent); }},
    {{"confab_media_received_bytes_total", "Bytes of the packets taken in."},
     SampleKind::kCounter,
     [](const MediaStatus& status) { return static_cast<double>(status.traffic.bytes_received); }},
    {{"confab_media_sent_bytes_total", "Bytes of the packets sent."},
     SampleKind::kCounter,
     [](const MediaStatus& status) { return static_cast<double>(status.traffic.bytes_sent); }},
    {{"confab_media_connected_transports_total", "Transports whose media could begin to flow."},
     SampleKind::kCounter,
     [](const MediaStatus& status) { return static_cast<double>(status.media.connected); }},
    {{"confab_media_keyframe_requests_total", "Keyframes that senders were asked for."},
     SampleKind::kCounter,
     [](const MediaStatus& status) { return static_cast<double>(status.media.keyframe_requests); }},
    {{"confab_media_missing_requested_packets_total", "Packets that senders were asked to repeat."},
     SampleKind::kCounter,
     [](const MediaStatus& status) { return static_cast<double>(status.media.missing_requested); }},
    {{"confab_media_repeated_packets_total", "Packets that were sent to a receiver once more."},
     SampleKind::kCounter,
     [](const MediaStatus& status) { return static_cast<double>(status.media.repeated); }},
};

std::vector<Sample> TcpEndSamples(const MediaStatus& status) {
  std::vector<Sample> samples;
  samples.reserve(media::kTcpEnds);
  for (size_t i = 0; i < media::kTcpEnds; ++i) {
    samples.push_back({{{"reason", std::string(ToString(static_cast<media::TcpEnd>(i)))}},
                       static_cast<double>(status.tcp.ended[i])});
  }
  return samples;
}

std::vector<Sample> OverflowSamples(const MediaStatus& status) {
  return {{{{"queue", "media"}}, static_cast<double>(status.udp_overflows.media)},
          {{{"queue", "handshakes"}}, static_cast<double>(status.udp_overflows.handshakes)}};
}

std::vector<Sample> DropSamples(const MediaStatus& status) {
  std::vector<Sample> samples;
  for (size_t i = 0; i < rtc::kDropReasons; ++i) {
    const auto reason = static_cast<rtc::DropReason>(i);
    samples.push_back({{{"reason", std::string(rtc::ToString(reason))}},
                       static_cast<double>(status.traffic.drops[reason])});
  }
  return samples;
}

std::vector<Sample> EndSamples(const MediaStatus& status) {
  std::vector<Sample> samples;
  samples.reserve(sfu::kTransportEnds);
  for (size_t i = 0; i < sfu::kTransportEnds; ++i) {
    samples.push_back({{{"reason", std::string(ToString(static_cast<sfu::TransportEnd>(i)))}},
                       static_cast<double>(status.media.ended[i])});
  }
  return samples;
}

// "up" is from participants to this instance, "down" from here to them.
std::vector<Sample> ByWay(uint64_t up, uint64_t down) {
  return {{{{"way", "up"}}, static_cast<double>(up)},
          {{{"way", "down"}}, static_cast<double>(down)}};
}

std::vector<Sample> ExpectedSamples(const MediaStatus& status) {
  return ByWay(status.media.from_senders.expected, status.media.to_receivers.expected);
}

std::vector<Sample> LostSamples(const MediaStatus& status) {
  return ByWay(status.media.from_senders.lost, status.media.to_receivers.lost);
}

std::vector<Sample> CpuSamples(const MediaStatus& status) {
  std::vector<Sample> samples;
  samples.reserve(status.worker_cpu.size());
  for (size_t i = 0; i < status.worker_cpu.size(); ++i) {
    samples.push_back({{{"worker", std::to_string(i)}}, status.worker_cpu[i].seconds()});
  }
  return samples;
}

struct LabelledMetric {
  observe::MetricName name;
  std::vector<Sample> (*samples)(const MediaStatus&);
};

const LabelledMetric kLabelledMetrics[] = {
    {{"confab_media_dropped_packets_total", "Packets that were not forwarded, by reason."},
     DropSamples},
    {{"confab_media_udp_overflows_total",
      "Datagrams that came faster than they were read, by the socket's queue."},
     OverflowSamples},
    {{"confab_media_tcp_ended_total", "TCP connections for media that ended, by reason."},
     TcpEndSamples},
    {{"confab_media_ended_transports_total", "Transports that ended, by reason."}, EndSamples},
    {{"confab_media_expected_packets_total",
      "Packets that receiver reports tell of, those that did not come included, by way."},
     ExpectedSamples},
    {{"confab_media_lost_packets_total", "Those of them that did not come, by way."}, LostSamples},
    {{"confab_media_worker_cpu_seconds_total", "Processor time of each media worker."}, CpuSamples},
};

struct TimesMetric {
  observe::MetricName name;
  const BucketCounts& (*times)(const MediaStatus&);
};

const TimesMetric kTimesMetrics[] = {
    {{"confab_media_forwarding_seconds",
      "From the arrival of a batch's first packet in the kernel to the end of the turn that sent "
      "what came of it."},
     [](const MediaStatus& status) -> const BucketCounts& { return status.times.forwarding; }},
    {{"confab_media_turn_seconds", "How long the turns of the workers took."},
     [](const MediaStatus& status) -> const BucketCounts& { return status.times.turns; }},
    {{"confab_media_loop_lag_seconds", "How much later than wanted workers woke up for a timer."},
     [](const MediaStatus& status) -> const BucketCounts& { return status.times.lag; }},
    {{"confab_media_handshake_seconds",
      "From a peer's first valid check to media that may flow: what DTLS takes."},
     [](const MediaStatus& status) -> const BucketCounts& { return status.media.handshakes; }},
    {{"confab_media_round_trip_seconds", "Round trips to receivers, as their reports show them."},
     [](const MediaStatus& status) -> const BucketCounts& { return status.media.round_trips; }},
};

}  // namespace

std::vector<std::shared_ptr<void>> AddMediaMetrics(
    observe::MetricsRegistry& metrics, const std::function<std::optional<MediaStatus>()>& last) {
  std::vector<std::shared_ptr<void>> registrations;
  for (const StatusMetric& metric : kStatusMetrics) {
    registrations.push_back(metrics.AddSampled(metric.name, metric.kind, [last, &metric] {
      const auto status = last();
      return status ? std::vector<Sample>{{{}, metric.value(*status)}} : std::vector<Sample>{};
    }));
  }
  for (const LabelledMetric& metric : kLabelledMetrics) {
    registrations.push_back(metrics.AddSampled(metric.name, SampleKind::kCounter, [last, &metric] {
      const auto status = last();
      return status ? metric.samples(*status) : std::vector<Sample>{};
    }));
  }
  for (const TimesMetric& metric : kTimesMetrics) {
    registrations.push_back(metrics.AddSampledHistogram(metric.name, [last, &metric] {
      const auto status = last();
      return status ? std::vector<HistogramSample>{{{}, metric.times(*status)}}
                    : std::vector<HistogramSample>{};
    }));
  }
  return registrations;
}

}  // namespace confab::app
