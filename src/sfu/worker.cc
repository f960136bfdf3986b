#include "sfu/worker.h"

#include <fmt/format.h>

#include <algorithm>

#include "rtc/demux.h"
#include "rtc/dtls/dtls_transport.h"
#include "rtc/stun/stun_answer.h"
#include "rtc/stun/stun_message.h"

namespace confab::sfu {
namespace {

// As TransportClosed tells them.
constexpr std::string_view kDtlsFailed = "dtls-failed";
constexpr std::string_view kDtlsClosed = "dtls-closed";
constexpr std::string_view kIceTimeout = "ice-timeout";

DtlsFactory RealDtls(const rtc::DtlsCertificate& certificate) {
  return [&certificate] {
    return std::make_unique<rtc::DtlsTransport>(certificate, rtc::DtlsOptions{});
  };
}

}  // namespace

Worker::Worker(rtc::SrtpEngine& engine, const rtc::DtlsCertificate& certificate,
               RandomSource& random, NodeClock clock, std::vector<rtc::IceCandidate> candidates,
               DtlsFactory make_dtls)
    : context_{.pool = pool_,
               .engine = engine,
               .certificate = certificate,
               .make_dtls = make_dtls ? std::move(make_dtls) : RealDtls(certificate),
               .random = random,
               .clock = clock,
               .candidates = std::move(candidates),
               .plain_networks = {},
               .sink = rtc::DatagramSink(),
               .work = {},
               .counters = {}} {}

Worker::~Worker() = default;

void Worker::Receive(Timestamp now, std::span<rtc::PacketRef> packets) {
  ++counters_.turns;
  counters_.datagrams_received += packets.size();
  searches_this_turn_ = 0;
  for (const rtc::PacketRef& packet : packets) {
    Transport* transport = FindTransport(now, *packet);
    if (transport == nullptr) continue;
    rtc::SessionOutput output(context_.sink);
    const bool known_path = paths_.Find(packet->path) == transport;
    const auto trial_path = transport->session().trial_path();
    transport->session().Classify(now, packet, open_batch_, output);
    if (open_owners_.size() < open_batch_.size()) open_owners_.push_back(transport);
    // Transports are not closed here: the batch still refers to them.
    if (!known_path && transport->session().ice().IsValidated(packet->path)) {
      transport->NoteReached(now);
      RegisterPath(*transport, packet->path);
    }
    if (trial_path) ForgetTrial(*transport, *trial_path);
    if (output.has_events()) HandleSessionEvents(now, *transport, output);
    next_timeout_ = std::min(next_timeout_, transport->NextTimeout());
  }
  context_.engine.Open(open_batch_.jobs());
  for (size_t i = 0; i < open_batch_.size(); ++i) HandleOpened(now, i);
  open_batch_.Clear();
  open_owners_.clear();
}

Transport* Worker::FindTransport(Timestamp now, const rtc::Packet& packet) {
  // Whatever comes to a plain transport's socket is for that transport, STUN included, which it
  // drops.
  if (!plain_sockets_.empty()) {
    const auto found = plain_sockets_.find(packet.path.local);
    if (found != plain_sockets_.end()) return found->second;
  }
  if (rtc::ClassifyDatagram(packet.bytes()) != rtc::DatagramKind::kStun) {
    Transport* transport = paths_.Find(packet.path);
    if (transport != nullptr) return transport;
    if (!OpenElsewhere(now, packet)) CountDrop(rtc::DropReason::kUnknownPath);
    return nullptr;
  }
  // The name in the request decides, not the path: an address may go from one session to another.
  const auto ufrag = rtc::PeekLocalUfrag(packet.bytes());
  if (!ufrag && rtc::AnswerPlainBinding(packet.path, packet.bytes(), context_.sink)) return nullptr;
  const auto found = ufrag ? ufrags_.find(std::string(*ufrag)) : ufrags_.end();
  if (found == ufrags_.end()) {
    CountDrop(rtc::DropReason::kUnknownUfrag);
    return nullptr;
  }
  return found->second;
}

void Worker::HandleOpened(Timestamp now, size_t index) {
  Transport& transport = *open_owners_[index];
  const rtc::PacketRef& packet = open_batch_.packet(index);
  const bool was_connected = transport.session().connected();
  const auto opened = transport.session().Opened(open_batch_.jobs()[index], packet.writable());
  // A plain transport has learned from this packet where its peer is.
  if (!was_connected && transport.session().connected()) NoteConnected(now, transport);
  HandleMedia(now, transport, packet, opened);
}

void Worker::HandleMedia(Timestamp now, Transport& transport, const rtc::PacketRef& packet,
                         rtc::OpenedAs opened) {
  switch (opened) {
    case rtc::OpenedAs::kDropped: break;
    case rtc::OpenedAs::kRtp:
      transport.HandleRtp(now, packet);
      next_timeout_ = std::min(next_timeout_, transport.speakers().NextTimeout());
      break;
    case rtc::OpenedAs::kRtcp: transport.HandleRtcp(now, packet->bytes()); break;
  }
  next_timeout_ = std::min(next_timeout_, transport.NextTimeout());
}

void Worker::NoteConnected(Timestamp now, Transport& transport) {
  transport.OnConnected(now);
  transport.CountConnected(now);
  events_.push_back(TransportConnected{.router_id = transport.router_id(),
                                       .transport_id = transport.id(),
                                       .scope = transport.scope(),
                                       .path = transport.session().send_path(),
                                       .after = now - transport.record().made_at()});
}

// None: there is nothing to tell before another one is found.
void Worker::NotePathChanged(Transport& transport) {
  const auto& path = transport.session().ice().selected();
  if (!path || !transport.record().TakeMove(*path)) return;
  events_.push_back(TransportMoved{.router_id = transport.router_id(),
                                   .transport_id = transport.id(),
                                   .scope = transport.scope(),
                                   .path = *path});
}

void Worker::HandleSessionEvents(Timestamp now, Transport& transport,
                                 const rtc::SessionOutput& output) {
  using rtc::SessionEvent;
  if (output.Has(SessionEvent::kUfragsChanged)) RegisterUfrags(transport);
  if (output.Has(SessionEvent::kConnected)) NoteConnected(now, transport);
  if (output.Has(SessionEvent::kPathChanged)) NotePathChanged(transport);
  // The transport stays, mute, until HandleTimeouts takes it away.
  if (output.Has(SessionEvent::kFailed)) NoteFailed(transport, kDtlsFailed);
  if (output.Has(SessionEvent::kClosedByPeer)) NoteFailed(transport, kDtlsClosed);
  if (output.Has(SessionEvent::kIceTimeout)) NoteFailed(transport, kIceTimeout);
  if (!failed_.empty()) next_timeout_ = now;
}

void Worker::HandleTimeouts(Timestamp now) {
  CloseFailed();
  if (now < next_timeout_ || now - last_scan_ < kTimerGranularity) return;
  last_scan_ = now;
  next_timeout_ = Timestamp::Never();
  size_t reports_left = kMaxReportsPerScan;
  for (const auto& [router_id, router] : routers_) {
    if (router->speakers().NextTimeout() <= now) EvaluateSpeakers(now, *router);
    next_timeout_ = std::min(next_timeout_, router->speakers().NextTimeout());
    for (const auto& [id, transport] : router->transports()) {
      if (transport->NextTimeout() <= now) HandleTimeout(now, *transport, reports_left);
      next_timeout_ = std::min(next_timeout_, transport->NextTimeout());
    }
  }
  CloseFailed();
}

void Worker::HandleTimeout(Timestamp now, Transport& transport, size_t& reports_left) {
  rtc::SessionOutput output(context_.sink);
  transport.HandleTimeout(now, output);
  if (output.has_events()) HandleSessionEvents(now, transport, output);
  // One that finds no room stays due; one that has failed is told of in a moment.
  if (reports_left == 0 || IsFailed(transport) || !transport.record().TakeReport(now)) return;
  --reports_left;
  events_.push_back(TransportReport{.router_id = transport.router_id(),
                                    .transport_id = transport.id(),
                                    .scope = transport.scope(),
                                    .figures = FiguresOf(transport)});
}

Timestamp Worker::NextTimeout() const {
  return std::max(next_timeout_, last_scan_ + kTimerGranularity);
}

void Worker::EvaluateSpeakers(Timestamp now, Router& router) {
  if (!router.speakers().Evaluate(now)) return;
  ActiveSpeakersChanged event{.router_id = router.id(), .speakers = {}, .dominant_producer_id = {}};
  for (const ActiveSpeaker& speaker : router.speakers().speakers()) {
    if (const Producer* producer = router.FindProducer(speaker.producer)) {
      event.speakers.push_back({producer->id(), speaker.level_dbov});
    }
  }
  if (const auto dominant = router.speakers().dominant_speaker()) {
    const Producer* producer = router.FindProducer(*dominant);
    if (producer != nullptr) event.dominant_producer_id = producer->id();
  }
  events_.push_back(std::move(event));
}

void Worker::NoteFailed(Transport& transport, std::string_view reason) {
  if (!IsFailed(transport)) failed_.push_back({&transport, reason});
}

bool Worker::IsFailed(const Transport& transport) const {
  return std::ranges::any_of(failed_, [&](const Failed& f) { return f.transport == &transport; });
}

TransportEnd Worker::EndOf(const Failed& failed) {
  if (failed.reason == kDtlsFailed) return TransportEnd::kDtlsFailed;
  if (failed.reason == kDtlsClosed) return TransportEnd::kDtlsClosed;
  return failed.transport->is_reached() ? TransportEnd::kLost : TransportEnd::kNeverReached;
}

void Worker::CloseFailed() {
  for (const Failed& failed : std::exchange(failed_, {})) {
    context_.counters.CountEnd(EndOf(failed));
    TransportClosed event = DescribeClosing(*failed.transport, failed.reason);
    event.closed = End(*failed.transport);
    events_.push_back(std::move(event));
  }
}

const rtc::SealBatch* Worker::NextBatch(Timestamp now) {
  seal_batch_.Clear();
  while (!context_.work.empty()) {
    Transport& transport = context_.work.back();
    if (!transport.session().Release(now, seal_batch_)) break;
    transport.clear_scheduled();
    context_.work.PopBack();
  }
  if (seal_batch_.empty()) return nullptr;
  context_.engine.Seal(seal_batch_.jobs());
  counters_.datagrams_sent += seal_batch_.jobs().size();
  return &seal_batch_;
}

}  // namespace confab::sfu
