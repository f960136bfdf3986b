#include "client/publisher.h"

#include <algorithm>
#include <array>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "client/media/vp8_packetizer.h"
#include "client/signaling/publish_parameters.h"
#include "net/clock.h"
#include "rtc/rtcp/rtcp_compound.h"

namespace confab::client {
namespace {

namespace json = boost::json;

constexpr TimeDelta kAudioInterval = TimeDelta::Millis(20);
// After a longer stall the sound between is left out.
constexpr TimeDelta kMaxAudioCatchUp = TimeDelta::Millis(200);
// 20 ms of silence in one frame of Opus (RFC 6716 §3.1: CELT, full band, mono, one frame).
constexpr std::array<uint8_t, 3> kOpusSilence{0xf8, 0xff, 0xfe};

std::string_view MimeType(std::string_view kind) {
  return kind == "video" ? "video/VP8" : "audio/opus";
}

}  // namespace

PublisherCounters& PublisherCounters::operator+=(const PublisherCounters& other) {
  video_packets += other.video_packets;
  audio_packets += other.audio_packets;
  keyframes += other.keyframes;
  keyframe_requests += other.keyframe_requests;
  asked_for += other.asked_for;
  repeated += other.repeated;
  return *this;
}

struct Publisher::RtcpVisitor {
  Publisher& publisher;
  void operator()(const rtc::Pli& pli) const { Request(pli.media); }
  void operator()(const rtc::Fir& fir) const {
    for (const rtc::Fir::Entry& entry : fir.entries) Request(entry.ssrc);
  }
  void operator()(const rtc::Nack& nack) const {
    if (!publisher.video_ || nack.media != publisher.video_->ssrc()) return;
    publisher.video_->OnNack(net::MonotonicNow(), nack);
  }
  void Request(rtc::Ssrc ssrc) const {
    if (!publisher.video_ || ssrc != publisher.video_->ssrc()) return;
    ++publisher.keyframe_requests_;
    publisher.source_.RequestKeyframe();
  }
};

Publisher::Publisher(PublisherOptions options, std::shared_ptr<RoomConnection> room,
                     std::shared_ptr<MediaPeer> peer)
    : options_(std::move(options)),
      room_(std::move(room)),
      peer_(std::move(peer)),
      source_(options_.clip, options_.clip_start) {}

Publisher::~Publisher() {
  peer_->set_rtcp_handler(nullptr);
  peer_->Close();
}

asio::awaitable<Result<std::shared_ptr<Publisher>>> Publisher::Join(
    PublisherOptions options, const rtc::DtlsCertificate& certificate, RandomSource& random) {
  const auto executor = co_await asio::this_coro::executor;
  auto room = co_await RoomConnection::Connect(options);
  if (!room) co_return std::unexpected(room.error());
  auto peer = MediaPeer::Open(executor, certificate, random);
  if (!peer) co_return std::unexpected(peer.error());
  auto publisher =
      std::make_shared<Publisher>(std::move(options), std::move(*room), std::move(*peer));
  const auto entered = co_await publisher->room_->Join();
  Result<void> announced;
  if (entered) announced = co_await publisher->Announce(certificate, random);
  if (!entered || !announced) {
    co_await publisher->Leave();
    co_return std::unexpected(entered ? announced.error() : entered.error());
  }
  co_return publisher;
}

asio::awaitable<Result<void>> Publisher::Return(const rtc::DtlsCertificate& certificate,
                                                RandomSource& random) {
  const auto self = shared_from_this();
  const auto executor = co_await asio::this_coro::executor;
  if (!room_->GoOn()) co_return Fail(ErrorCode::kUnavailable, "the place in the room is lost");
  auto peer = MediaPeer::Open(executor, certificate, random);
  if (!peer) co_return std::unexpected(peer.error());
  peer_->set_rtcp_handler(nullptr);
  peer_->Close();
  // What they keep for repetition is the peer's.
  video_.reset();
  audio_.reset();
  source_ = VideoSource(options_.clip, options_.clip_start);  // begins with a keyframe
  keyframe_requests_ = 0;
  peer_ = std::move(*peer);
  co_return co_await Announce(certificate, random);
}

asio::awaitable<Result<void>> Publisher::Announce(const rtc::DtlsCertificate& certificate,
                                                  RandomSource& random) {
  const auto transport = co_await room_->OpenTransport("send", peer_, certificate);
  if (!transport) co_return std::unexpected(transport.error());
  transport_id_ = *transport;

  auto video = co_await Produce("video", random);
  if (!video) co_return std::unexpected(video.error());
  auto audio = co_await Produce("audio", random);
  if (!audio) co_return std::unexpected(audio.error());
  video_ = std::move(*video);
  audio_ = std::move(*audio);
  peer_->set_rtcp_handler(
      [this](BytesView compound) { (void)rtc::ForEachRtcp(compound, RtcpVisitor{*this}); });
  co_return Result<void>();
}

asio::awaitable<Result<std::unique_ptr<OutgoingMedia>>> Publisher::Produce(std::string_view kind,
                                                                           RandomSource& random) {
  StreamNames names;
  names.ssrc = rtc::Ssrc(random.U32());
  names.rtx_ssrc = rtc::Ssrc(random.U32());
  names.mid = kind == "video" ? "0" : "1";
  names.cname = room_->participant_id();
  auto parameters = ChooseParameters(room_->router_capabilities(), MimeType(kind), names);
  if (!parameters) co_return std::unexpected(parameters.error());
  json::object request{{"transportId", transport_id_},
                       {"kind", kind},
                       {"rtpParameters", parameters->rtp_parameters}};
  const auto answer = co_await room_->Ask("produce", std::move(request));
  if (!answer) co_return std::unexpected(answer.error());
  auto media =
      std::make_unique<OutgoingMedia>(peer_->session(), peer_->pool(), std::move(*parameters),
                                      room_->participant_id(), net::MonotonicNow());
  if (!media->open()) co_return Fail(ErrorCode::kInternal, "two streams drew one ssrc: try again");
  co_return media;
}

asio::awaitable<Result<void>> Publisher::Run() {
  const auto self = shared_from_this();
  Timestamp next_video = net::MonotonicNow();
  Timestamp next_audio = next_video;
  while (!room_->ended().is_set() && !peer_->failed()) {
    const Timestamp now = net::MonotonicNow();
    next_audio = std::max(next_audio, now - kMaxAudioCatchUp);
    for (; next_audio <= now; next_audio = next_audio + kAudioInterval) SendSilence(next_audio);
    if (next_video <= now) {
      SendFrame(now);
      // Frames that are late are left out, as a camera does.
      while (next_video <= now) next_video = next_video + source_.frame_interval();
    }
    video_->ReportIfDue(now);
    audio_->ReportIfDue(now);
    peer_->Flush();
    co_await room_->ended().Wait(std::min(next_video, next_audio) - net::MonotonicNow());
  }
  if (!room_->ended().is_set())
    co_return Fail(ErrorCode::kUnavailable, "the media service has gone");
  co_return room_->reason();
}

void Publisher::SendFrame(Timestamp now) {
  const EncodedFrame& frame = source_.Next(now);
  std::array<uint8_t, Vp8Packetizer::kMaxPayload> payload;
  for (Vp8Packetizer packets(frame.bytes, picture_id_++); !packets.done();) {
    const size_t size = packets.Write(payload);
    video_->Send(now, BytesView(payload).first(size), packets.done());
  }
}

void Publisher::SendSilence(Timestamp at) {
  audio_->Send(at, kOpusSilence, audio_->packets() == 0);
}

asio::awaitable<void> Publisher::Leave() {
  const auto self = shared_from_this();
  co_await room_->Leave();
  peer_->Close();
}

PublisherCounters Publisher::counters() const {
  if (!video_ || !audio_) return {};  // between two lives of media
  return {.video_packets = video_->packets(),
          .audio_packets = audio_->packets(),
          .keyframes = source_.keyframes(),
          .keyframe_requests = keyframe_requests_,
          .asked_for = video_->asked_for(),
          .repeated = video_->repeated()};
}

Timestamp Publisher::last_sent() const {
  if (!video_ || !audio_) return Timestamp::Never();
  return std::min(video_->last_sent(), audio_->last_sent());
}

}  // namespace confab::client
