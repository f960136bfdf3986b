#include "app/serve/media_watch.h"

#include <chrono>
#include <string>
#include <utility>

namespace confab::app {
namespace {

using media::MediaStatus;
using observe::Sample, observe::SampleKind;

constexpr auto kInterval = std::chrono::seconds(1);

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
};

std::vector<Sample> TcpEndSamples(const MediaStatus& status) {
  std::vector<Sample> samples;
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

}  // namespace

MediaWatch::MediaWatch(media::MediaService& media, observe::MetricsRegistry& metrics)
    : media_(media), last_(media.Status()) {
  AddMetrics(metrics);
  thread_ = std::thread([this] { Run(); });
}

MediaWatch::~MediaWatch() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

std::optional<MediaStatus> MediaWatch::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

void MediaWatch::Run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kInterval, [this] { return is_stopping_; })) {
    lock.unlock();
    auto status = media_.Status();
    lock.lock();
    last_ = std::move(status);
  }
}

void MediaWatch::AddMetrics(observe::MetricsRegistry& metrics) {
  for (const StatusMetric& metric : kStatusMetrics) {
    registrations_.push_back(metrics.AddSampled(metric.name, metric.kind, [this, &metric] {
      const auto status = last();
      return status ? std::vector<Sample>{{{}, metric.value(*status)}} : std::vector<Sample>{};
    }));
  }
  registrations_.push_back(metrics.AddSampled(
      {"confab_media_draining", "1 while this media instance takes no new rooms."},
      SampleKind::kGauge,
      [this] { return std::vector<Sample>{{{}, media_.is_draining() ? 1.0 : 0.0}}; }));
  const auto add = [this, &metrics](observe::MetricName name,
                                    std::vector<Sample> (*samples)(const MediaStatus&)) {
    registrations_.push_back(metrics.AddSampled(name, SampleKind::kCounter, [this, samples] {
      const auto status = last();
      return status ? samples(*status) : std::vector<Sample>{};
    }));
  };
  add({"confab_media_dropped_packets_total", "Packets that were not forwarded, by reason."},
      DropSamples);
  add({"confab_media_udp_overflows_total",
       "Datagrams that came faster than they were read, by the socket's queue."},
      OverflowSamples);
  add({"confab_media_tcp_ended_total", "TCP connections for media that ended, by reason."},
      TcpEndSamples);
}

}  // namespace confab::app
