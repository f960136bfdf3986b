#include "client/subscriber.h"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "client/media/wall_clock.h"
#include "client/signaling/json_fields.h"
#include "net/clock.h"
#include "rtc/rtcp/rtcp_compound.h"

namespace confab::client {
namespace {

namespace json = boost::json;

// A receiver report with all the blocks that it can have, and an SDES.
constexpr size_t kMaxReport = 1100;
constexpr uint32_t kPerMille = 1000;

}  // namespace

struct Subscriber::RtcpVisitor {
  Subscriber& subscriber;
  Timestamp now;
  void operator()(const rtc::SenderReport& report) const {
    IncomingMedia* stream = subscriber.streams_.Find(report.sender);
    if (stream != nullptr) stream->OnSenderReport(report.ntp, now);
  }
};

Subscriber::Subscriber(SubscriberOptions options, std::shared_ptr<RoomConnection> room,
                       std::shared_ptr<MediaPeer> peer, RandomSource& random)
    : options_(std::move(options)),
      room_(std::move(room)),
      peer_(std::move(peer)),
      random_(&random),
      wake_(room_->ended().get_executor()) {
  room_->set_event_handler([this](const socketio::ClientEvent& event) { OnEvent(event); });
  Listen();
}

void Subscriber::Listen() {
  peer_->set_rtp_handler([this](rtc::Packet& packet) { OnPacket(packet); });
  peer_->set_rtcp_handler([this](BytesView compound) {
    (void)rtc::ForEachRtcp(compound, RtcpVisitor{*this, net::MonotonicNow()});
  });
}

Subscriber::~Subscriber() {
  room_->set_event_handler(nullptr);
  peer_->set_rtp_handler(nullptr);
  peer_->set_rtcp_handler(nullptr);
  peer_->Close();
}

asio::awaitable<Result<std::shared_ptr<Subscriber>>> Subscriber::Join(
    SubscriberOptions options, const rtc::DtlsCertificate& certificate, RandomSource& random) {
  const auto executor = co_await asio::this_coro::executor;
  auto room = co_await RoomConnection::Connect(options);
  if (!room) co_return std::unexpected(room.error());
  auto peer = MediaPeer::Open(executor, certificate, random);
  if (!peer) co_return std::unexpected(peer.error());
  auto subscriber =
      std::make_shared<Subscriber>(std::move(options), std::move(*room), std::move(*peer), random);
  const auto begun = co_await subscriber->Begin(certificate);
  if (!begun) {
    co_await subscriber->Leave();
    co_return std::unexpected(begun.error());
  }
  co_return subscriber;
}

asio::awaitable<Result<void>> Subscriber::Begin(const rtc::DtlsCertificate& certificate) {
  const auto joined = co_await room_->Join();
  if (!joined) co_return std::unexpected(joined.error());
  for (const json::value& participant : ListOf(*joined, "participants")) {
    for (const json::value& producer : ListOf(participant, "producers")) {
      OnNewProducer(std::string(TextOf(producer, "id")), std::string(TextOf(participant, "id")));
    }
  }
  const auto received = co_await Receive(certificate);
  co_return received;
}

asio::awaitable<Result<void>> Subscriber::Receive(const rtc::DtlsCertificate& certificate) {
  const auto transport = co_await room_->OpenTransport("recv", peer_, certificate);
  if (!transport) co_return std::unexpected(transport.error());
  transport_id_ = *transport;
  // What is announced from now on is consumed by itself.
  const std::map<std::string, std::string> known = producers_;
  for (const auto& producer : known) {
    const auto consumed = co_await Consume(producer.first);
    if (!consumed && producers_.contains(producer.first)) co_return consumed;
  }
  co_return Result<void>();
}

asio::awaitable<Result<void>> Subscriber::Return(const rtc::DtlsCertificate& certificate) {
  const auto self = shared_from_this();
  const auto executor = co_await asio::this_coro::executor;
  if (!room_->GoOn()) co_return Fail(ErrorCode::kUnavailable, "the place in the room is lost");
  auto peer = MediaPeer::Open(executor, certificate, *random_);
  if (!peer) co_return std::unexpected(peer.error());
  peer_->set_rtp_handler(nullptr);
  peer_->set_rtcp_handler(nullptr);
  peer_->Close();
  peer_ = std::move(*peer);
  transport_id_.clear();
  streams_.Reset();
  thrown_away_ = 0;
  failure_ = Result<void>();
  Listen();
  const auto received = co_await Receive(certificate);
  co_return received;
}

void Subscriber::OnEvent(const socketio::ClientEvent& event) {
  const auto producer_id = TextOf(event.arguments.At(0), "producerId");
  if (event.name == "newProducer") {
    const auto participant_id = TextOf(event.arguments.At(0), "participantId");
    OnNewProducer(std::string(producer_id), std::string(participant_id));
  }
  const auto transport_id = TextOf(event.arguments.At(0), "transportId");
  if (event.name == "transportClosed" && transport_id == transport_id_) {
    transport_id_.clear();
    streams_.CloseAll();
    wake_.Set();
  }
  if (event.name != "producerClosed") return;
  producers_.erase(std::string(producer_id));
  streams_.CloseOf(producer_id);
}

void Subscriber::OnNewProducer(std::string producer_id, std::string participant_id) {
  if (producer_id.empty() || producers_.size() == kMaxStreams) return;
  if (!producers_.emplace(producer_id, std::move(participant_id)).second) return;
  if (transport_id_.empty()) return;  // consumed with the others when there is one
  asio::co_spawn(wake_.get_executor(), ConsumeLater(std::move(producer_id)), asio::detached);
}

asio::awaitable<void> Subscriber::ConsumeLater(std::string producer_id) {
  const auto self = shared_from_this();
  const std::string transport_id = transport_id_;
  const auto consumed = co_await Consume(producer_id);
  if (consumed || room_->ended().is_set()) co_return;
  // The transport has gone meanwhile, or the producer.
  if (transport_id_ != transport_id || !producers_.contains(producer_id)) co_return;
  failure_ = consumed;
  wake_.Set();
}

// Paused at first: what comes before its ssrc is known would be lost.
asio::awaitable<Result<void>> Subscriber::Consume(std::string producer_id) {
  const std::string transport_id = transport_id_;
  json::object request{{"transportId", transport_id},
                       {"producerId", producer_id},
                       {"rtpCapabilities", ReceiveCapabilities(room_->router_capabilities())}};
  const auto answer = co_await room_->Ask("consume", std::move(request));
  if (!answer) co_return std::unexpected(answer.error());
  if (transport_id_ != transport_id)
    co_return Fail(ErrorCode::kUnavailable, "the transport has gone");
  if (!producers_.contains(producer_id))
    co_return Fail(ErrorCode::kUnavailable, "the producer has gone");
  auto parameters = ParseConsumer(*answer);
  if (!parameters) co_return std::unexpected(parameters.error());
  json::object resume{{"consumerId", parameters->consumer_id}};
  AddStream(std::move(*parameters));
  const auto resumed = co_await room_->Ask("resumeConsumer", std::move(resume));
  if (!resumed) co_return std::unexpected(resumed.error());
  co_return Result<void>();
}

void Subscriber::AddStream(ReceiveParameters parameters) {
  for (uint8_t id = 1; id <= rtc::ExtensionMap::kMaxId; ++id) {
    // All streams of a router have the same ids: most are there already.
    if (const auto known = parameters.extensions.ExtensionOf(id)) (void)extensions_.Add(id, *known);
  }
  peer_->session().set_receive_extensions(extensions_);
  streams_.Add(std::move(parameters));
}

void Subscriber::OnPacket(rtc::Packet& packet) {
  IncomingMedia* found = streams_.Find(packet.ssrc);
  if (found == nullptr) return;
  IncomingMedia& stream = *found;
  if (stream.parameters().kind == rtc::MediaKind::kVideo && Loses()) return;
  const Timestamp now = net::MonotonicNow();
  if (options_.sound_gaps && stream.parameters().kind == rtc::MediaKind::kAudio) {
    options_.sound_gaps->Heard(now);
  }
  stream.OnPacket(now, NtpAt(now), packet);
  if (stream.NextTimeout() <= now) stream.HandleTimeout(now, peer_->session());
  if (stream.NextTimeout() < asleep_until_) wake_.Set();
}

bool Subscriber::Loses() {
  if (options_.lose_per_mille == 0 || random_->U32() % kPerMille >= options_.lose_per_mille) {
    return false;
  }
  ++thrown_away_;
  return true;
}

asio::awaitable<Result<void>> Subscriber::Run() {
  const auto self = shared_from_this();
  next_report_ = net::MonotonicNow() + kReportInterval;
  while (!room_->ended().is_set() && !peer_->failed() && failure_) {
    const Timestamp now = net::MonotonicNow();
    HandleTimeouts(now);
    ReportIfDue(now);
    peer_->Flush();
    wake_.Reset();
    asleep_until_ = NextTimeout();
    co_await wake_.Wait(asleep_until_ - net::MonotonicNow());
  }
  if (!failure_) co_return failure_;
  if (room_->ended().is_set()) co_return room_->reason();
  co_return Fail(ErrorCode::kUnavailable, "the media service has gone");
}

void Subscriber::HandleTimeouts(Timestamp now) {
  for (const auto& stream : streams_.open()) {
    if (stream->NextTimeout() <= now) stream->HandleTimeout(now, peer_->session());
  }
}

// At most a report interval from now.
Timestamp Subscriber::NextTimeout() const {
  Timestamp next = next_report_;
  for (const auto& stream : streams_.open()) next = std::min(next, stream->NextTimeout());
  return next;
}

void Subscriber::ReportIfDue(Timestamp now) {
  if (now < next_report_) return;
  next_report_ = now + kReportInterval;
  const rtc::Ssrc sender = peer_->session().rtcp_ssrc();
  rtc::ReceiverReport report{.sender = sender, .reports = {}};
  const auto send = [&] {
    std::array<uint8_t, kMaxReport> packet;
    ByteWriter writer(packet);
    report.Write(writer);
    rtc::Sdes{.chunks = {{.ssrc = sender, .cname = room_->participant_id()}}}.Write(writer);
    peer_->session().AdmitRtcp(writer.written());
    report.reports.Clear();
  };
  for (const auto& stream : streams_.open()) {
    if (const auto block = stream->TakeReport(now)) (void)report.reports.Add(*block);
    if (report.reports.full()) send();
  }
  if (!report.reports.empty()) send();
}

void Subscriber::Stop() {
  room_->Stop();
  wake_.Set();
}

asio::awaitable<void> Subscriber::Leave() {
  const auto self = shared_from_this();
  Stop();
  streams_.CloseAll();
  co_await room_->Leave();
  peer_->Close();
}

SubscriberCounters Subscriber::counters() const {
  SubscriberCounters counters = streams_.counters();
  counters.thrown_away = thrown_away_;
  return counters;
}

uint64_t Subscriber::StreamsStoppedBefore(Timestamp time,
                                          const std::set<std::string>& participants) const {
  const auto stopped = std::ranges::count_if(streams_.open(), [&](const auto& stream) {
    const auto sender = producers_.find(stream->parameters().producer_id);
    return sender != producers_.end() && participants.contains(sender->second) &&
           stream->stopped_before(time);
  });
  return static_cast<uint64_t>(stopped);
}

}  // namespace confab::client
