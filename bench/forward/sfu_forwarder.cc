#include "forward/sfu_forwarder.h"

#include <fmt/format.h>

#include <atomic>

#include "forward/cpu_time.h"
#include "net/clock.h"
#include "sfu/parameters/supported_capabilities.h"

namespace confab::bench {
namespace {

constexpr char kRouter[] = "bench";
constexpr char kProducer[] = "producer";
constexpr rtc::Ssrc kSsrc{0x1000};
constexpr TimeDelta kConnectLimit = TimeDelta::Seconds(30);
constexpr TimeDelta kCallLimit = TimeDelta::Seconds(10);

std::string TransportId(size_t peer) {
  return fmt::format("t{}", peer);
}

sfu::RtpParameters ParametersFor(rtc::MediaKind kind) {
  sfu::RtpParameters parameters;
  parameters.mid = "0";
  const bool video = kind == rtc::MediaKind::kVideo;
  sfu::RtpCodecParameters codec{.mime_type = video ? "video/VP8" : "audio/opus",
                                .payload_type = 96,
                                .clock_rate = video ? 90'000u : 48'000u,
                                .channels = {},
                                .parameters = {},
                                .rtcp_feedback = {}};
  if (!video) codec.channels = 2;
  parameters.codecs.push_back(std::move(codec));
  parameters.encodings = {{.ssrc = kSsrc}};
  parameters.cname = "bench";
  return parameters;
}

}  // namespace

SfuForwarder::SfuForwarder(Crowd& crowd, const Traffic& traffic, rtc::DtlsCertificate certificate)
    : crowd_(&crowd), traffic_(&traffic), certificate_(std::move(certificate)) {}

Result<std::unique_ptr<SfuForwarder>> SfuForwarder::Start(Crowd& crowd, const Traffic& traffic) {
  auto certificate = rtc::DtlsCertificate::Generate();
  if (!certificate) return Fail(ErrorCode::kInternal, "OpenSSL makes no certificate");
  // make_unique cannot reach the private constructor.
  std::unique_ptr<SfuForwarder> sfu(new SfuForwarder(crowd, traffic, std::move(*certificate)));
  media::WorkerThreadOptions options;
  options.listen = {SocketAddress::Ipv4({127, 0, 0, 1}, 0)};
  options.port = 0;
  auto worker = media::WorkerThread::Start(std::move(options), sfu->certificate_,
                                           [](const auto&, const auto&) {});
  if (!worker) return std::unexpected(worker.error());
  sfu->worker_ = std::move(*worker);
  if (auto joined = sfu->Join(); !joined) return std::unexpected(joined.error());
  return sfu;
}

void SfuForwarder::OnWorker(std::function<void(sfu::Worker&, Timestamp)> work) {
  std::atomic<bool> done = false;
  const bool posted = worker_->Post([&](sfu::Worker& worker, Timestamp now) {
    work(worker, now);
    done = true;
  });
  if (!posted) return;
  const Timestamp limit = net::MonotonicNow() + kCallLimit;
  while (!done && net::MonotonicNow() < limit) {
    crowd_->RunUntil(net::MonotonicNow() + TimeDelta::Micros(200));
  }
}

Result<void> SfuForwarder::Join() {
  const int64_t before = CpuNanos();
  if (auto connected = ConnectPeers(); !connected) return connected;
  connect_nanos_ = (CpuNanos() - before) / static_cast<int64_t>(crowd_->peers().size());
  if (auto produced = Produce(); !produced) return produced;
  return ConsumeAll();
}

Result<void> SfuForwarder::ConnectPeers() {
  const auto peers = crowd_->peers();
  for (size_t i = 0; i < peers.size(); ++i) {
    std::optional<rtc::IceCredentials> ice;
    OnWorker([&](sfu::Worker& worker, Timestamp now) {
      sfu::RemoteDtls remote;
      remote.fingerprints = {crowd_->context().certificate.fingerprint()};
      const auto transport = worker.CreateTransport(now,
                                                    {.id = TransportId(i),
                                                     .router_id = kRouter,
                                                     .capabilities = sfu::RouterRtpCapabilities()},
                                                    std::move(remote));
      if (transport) ice = (*transport)->session().ice().local_credentials();
    });
    if (!ice) return Fail(ErrorCode::kInternal, "the worker makes no transport");
    peers[i]->Connect(*ice, certificate_.fingerprint(),
                      SocketAddress::Ipv4({127, 0, 0, 1}, worker_->port()));
  }
  const auto all = [&] {
    return std::ranges::all_of(peers, [](const auto& p) { return p->session().connected(); });
  };
  crowd_->RunUntil(net::MonotonicNow() + kConnectLimit, all);
  if (!all()) return Fail(ErrorCode::kUnavailable, "not every peer connected");
  return {};
}

Result<void> SfuForwarder::Produce() {
  const auto stream = crowd_->sender().session().AddStream(
      {.ssrc = kSsrc, .payload_type = rtc::PayloadType(96), .mid = "0", .extensions = {}});
  if (!stream) return Fail(ErrorCode::kInternal, "the sender has no stream");
  stream_ = *stream;
  Result<void> result;
  OnWorker([&](sfu::Worker& worker, Timestamp now) {
    const auto producer = (*worker.FindRouter(kRouter))
                              ->Produce(now, TransportId(0),
                                        {.id = kProducer,
                                         .kind = traffic_->kind,
                                         .parameters = ParametersFor(traffic_->kind),
                                         .cname = "bench"});
    if (!producer) result = std::unexpected(producer.error());
  });
  return result;
}

Result<void> SfuForwarder::ConsumeAll() {
  Result<void> result;
  for (size_t i = 1; i < crowd_->peers().size(); ++i) {
    OnWorker([&](sfu::Worker& worker, Timestamp now) {
      const auto consumer =
          (*worker.FindRouter(kRouter))
              ->Consume(
                  now, TransportId(i),
                  {.consumer_id = fmt::format("c{}", i), .producer_id = kProducer, .paused = false},
                  nullptr);
      if (!consumer) result = std::unexpected(consumer.error());
    });
  }
  return result;
}

void SfuForwarder::Feed(int packets) {
  const Timestamp now = net::MonotonicNow();
  Peer& sender = crowd_->sender();
  for (int i = 0; i < packets; ++i) {
    rtc::PacketRef packet = crowd_->context().pool.Acquire();
    rtc::Packet& p = packet.writable();
    p.payload_offset = 0;
    p.payload_size = p.size = static_cast<uint16_t>(traffic_->payload_size);
    FillPayload(p.mutable_bytes(), traffic_->kind, sent_ == 0, now);
    rtc::SendIntent intent{
        .stream = stream_, .source_sequence = sent_++, .packet = std::move(packet), .plan = {}};
    intent.plan.rtp_timestamp = static_cast<uint32_t>(sent_ * 450);
    intent.plan.marker = true;
    sender.session().Admit(std::move(intent));
  }
  sender.Flush();
}

int64_t SfuForwarder::CpuNanos() {
  int64_t nanos = 0;
  OnWorker([&nanos](sfu::Worker&, Timestamp) { nanos = ThreadCpuNanos(); });
  return nanos;
}

}  // namespace confab::bench
