#include "sfu/testing/simulated_call.h"

#include <algorithm>

#include "base/check.h"
#include "rtc/session/rtx.h"
#include "sfu/parameters/supported_capabilities.h"

namespace confab::sfu::testing {
namespace {

constexpr rtc::LocalSocket kSocket{0};
const SocketAddress kServer = SocketAddress::Ipv4({192, 0, 2, 1}, 40'000);

}  // namespace

RtpParameters Vp8Parameters(uint32_t ssrc) {
  RtpParameters parameters;
  parameters.mid = "video";
  parameters.codecs = {
      {.mime_type = "video/VP8",
       .payload_type = 96,
       .clock_rate = 90'000,
       .channels = {},
       .parameters = {},
       .rtcp_feedback = {{"nack", ""}, {"nack", "pli"}, {"transport-cc", ""}}},
      {.mime_type = "video/rtx",
       .payload_type = 97,
       .clock_rate = 90'000,
       .channels = {},
       .parameters = {{"apt", "96"}},
       .rtcp_feedback = {}},
  };
  parameters.header_extensions = {
      {"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01", 3}};
  parameters.encodings = {{.ssrc = rtc::Ssrc(ssrc), .rtx_ssrc = rtc::Ssrc(ssrc + 1)}};
  parameters.cname = "sender";
  return parameters;
}

SimulatedCall::SimulatedCall(uint64_t seed)
    : server_certificate(*rtc::DtlsCertificate::Generate()),
      client_certificate(*rtc::DtlsCertificate::Generate()),
      random(seed),
      worker(engine, server_certificate, random, NodeClock(now, 1'700'000'000'000'000), {}) {}

SimulatedCall::Client& SimulatedCall::AddClient(const std::string& id) {
  const auto number = static_cast<uint8_t>(clients.size() + 2);
  auto client = std::make_unique<Client>();
  client->transport_id = id;
  client->host = std::make_unique<rtc::testing::TestHost>(
      now, 1000 + number, rtc::IceRole::kControlling,
      SocketAddress::Ipv4({198, 51, 100, number}, 5000), client_certificate, rtc::DtlsOptions{});
  RemoteDtls remote;
  remote.fingerprints = {client_certificate.fingerprint()};
  const auto transport = worker.CreateTransport(
      now, {.id = id, .router_id = "room", .capabilities = RouterRtpCapabilities()}, remote);
  CHECK(transport.has_value());
  rtc::SessionOutput output(client->host->sink);
  client->host->session.Connect(now, rtc::DtlsRole::kClient, {server_certificate.fingerprint()},
                                output);
  client->host->CheckPeer(now, (*transport)->session().ice().local_credentials(), kServer);
  return *clients.emplace_back(std::move(client));
}

Result<Producer*> SimulatedCall::ProduceVideo(Client& client, const std::string& producer_id,
                                              uint32_t ssrc) {
  client.video = *client.host->session.AddStream({.ssrc = rtc::Ssrc(ssrc),
                                                  .payload_type = rtc::PayloadType(96),
                                                  .mid = "",
                                                  .extensions = {},
                                                  .keep_sent = true});
  client.rtx = *client.host->session.AddStream({.ssrc = rtc::Ssrc(ssrc + 1),
                                                .payload_type = rtc::PayloadType(97),
                                                .mid = "",
                                                .extensions = {}});
  return router().Produce(now, client.transport_id,
                          {.id = producer_id,
                           .kind = rtc::MediaKind::kVideo,
                           .parameters = Vp8Parameters(ssrc),
                           .cname = "participant"});
}

Result<Consumer*> SimulatedCall::Consume(Client& client, const std::string& consumer_id,
                                         const std::string& producer_id, bool paused) {
  return router().Consume(
      now, client.transport_id,
      {.consumer_id = consumer_id, .producer_id = producer_id, .paused = paused}, nullptr);
}

void SimulatedCall::SendFrame(Client& client, uint32_t rtp_timestamp, bool keyframe, int packets) {
  for (int i = 0; i < packets; ++i) {
    rtc::PacketRef packet = client.host->pool.Acquire();
    rtc::Packet& p = packet.writable();
    // VP8: S bit at the start of the frame; P bit clear in a keyframe (RFC 7741 §4.2, §4.3).
    p.buffer()[0] = i == 0 ? 0x10 : 0x00;
    p.buffer()[1] = keyframe ? 0x00 : 0x01;
    p.buffer()[2] = static_cast<uint8_t>(client.sent_video.size());
    p.payload_offset = 0;
    p.payload_size = p.size = 1000;
    rtc::SendIntent intent{.stream = client.video,
                           .source_sequence = static_cast<int64_t>(client.sent_video.size()),
                           .packet = packet,
                           .plan = {}};
    intent.plan.rtp_timestamp = rtp_timestamp;
    intent.plan.marker = i == packets - 1;
    client.sent_video.push_back(packet);
    client.host->session.Admit(std::move(intent));
  }
  TakeFromClients();
}

void SimulatedCall::Repeat(Client& client, uint16_t sequence) {
  const rtc::SentPacket* sent = client.host->session.FindSent(client.video, sequence);
  CHECK(sent != nullptr);
  client.host->session.Admit(
      {.stream = client.rtx,
       .source_sequence = 0,
       .packet = client.sent_video[static_cast<size_t>(sent->source_sequence)],
       .plan = rtc::RtxPlan(sent->plan, sequence)});
  TakeFromClients();
}

SimulatedCall::Client* SimulatedCall::ClientAt(const SocketAddress& address) {
  for (const auto& client : clients) {
    if (client->host->address == address) return client.get();
  }
  return nullptr;
}

void SimulatedCall::TakeFromClients() {
  for (const auto& client : clients) {
    for (auto& [to, bytes] : client->host->TakeDatagrams(now)) {
      if (to != kServer || (lose && lose(true, bytes))) continue;
      in_flight_.push({now + kDelay, order_++, nullptr, client->host->address, std::move(bytes)});
    }
  }
}

void SimulatedCall::TakeFromServer() {
  const auto put = [this](const rtc::Path& path, BytesView bytes) {
    if (lose && lose(false, bytes)) return;
    if (Client* client = ClientAt(path.remote)) {
      in_flight_.push({now + kDelay, order_++, client, kServer, {bytes.begin(), bytes.end()}});
    } else {
      to_others.emplace_back(path, std::vector<uint8_t>(bytes.begin(), bytes.end()));
    }
  };
  for (const rtc::OutgoingDatagram& d : worker.datagrams()) put(d.path, d.bytes);
  worker.ClearDatagrams();
  while (const rtc::SealBatch* batch = worker.NextBatch(now)) {
    for (size_t i = 0; i < batch->jobs().size(); ++i) {
      put(batch->entries()[i].path, batch->jobs()[i].out.first(batch->jobs()[i].sealed_size));
    }
  }
  for (WorkerEvent& event : worker.TakeEvents()) events.push_back(std::move(event));
}

void SimulatedCall::Deliver(const InFlight& datagram) {
  if (datagram.to != nullptr) {
    return datagram.to->host->Receive(now, datagram.from, datagram.bytes);
  }
  rtc::PacketRef packet = worker.AcquirePacket();
  std::ranges::copy(datagram.bytes, packet.writable().buffer().begin());
  packet.writable().size = static_cast<uint16_t>(datagram.bytes.size());
  packet.writable().received_at = now;
  packet.writable().path = {kSocket, datagram.from};
  worker.Receive(now, {&packet, 1});
}

void SimulatedCall::RunFor(TimeDelta time) {
  const Timestamp end = now + time;
  TakeFromClients();
  TakeFromServer();
  for (;;) {
    Timestamp next = worker.NextTimeout();
    for (const auto& client : clients) {
      next = std::min(next, client->host->session.NextTimeout().at);
    }
    if (!in_flight_.empty()) next = std::min(next, in_flight_.top().at);
    if (next > end) break;
    now = std::max(now, next);
    while (!in_flight_.empty() && in_flight_.top().at <= now) {
      const InFlight datagram = in_flight_.top();
      in_flight_.pop();
      Deliver(datagram);
    }
    worker.HandleTimeouts(now);
    for (const auto& client : clients) {
      rtc::SessionOutput output(client->host->sink);
      client->host->session.HandleTimeout(now, output);
    }
    TakeFromClients();
    TakeFromServer();
  }
  now = end;
}

}  // namespace confab::sfu::testing
