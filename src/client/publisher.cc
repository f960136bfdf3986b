#include "client/publisher.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "client/media/vp8_packetizer.h"
#include "client/signaling/json_fields.h"
#include "client/signaling/publish_parameters.h"
#include "client/signaling/remote_transport.h"
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

Error ErrorOf(std::string_view event, const json::value& error) {
  return {ErrorCode::kUnavailable, fmt::format("{}: {}", event, TextOf(error, "message"))};
}

}  // namespace

struct Publisher::RtcpVisitor {
  Publisher& publisher;
  void operator()(const rtc::Pli& pli) const { Request(pli.media); }
  void operator()(const rtc::Fir& fir) const {
    for (const rtc::Fir::Entry& entry : fir.entries) Request(entry.ssrc);
  }
  void Request(rtc::Ssrc ssrc) const {
    if (!publisher.video_ || ssrc != publisher.video_->ssrc()) return;
    ++publisher.keyframe_requests_;
    publisher.source_.RequestKeyframe();
  }
};

Publisher::Publisher(PublisherOptions options, std::unique_ptr<socketio::Client> signaling,
                     std::shared_ptr<MediaPeer> peer, const asio::any_io_executor& executor)
    : options_(std::move(options)),
      signaling_(std::move(signaling)),
      peer_(std::move(peer)),
      ended_(executor),
      welcomed_(executor),
      source_(options_.clip, options_.clip_start) {}

Publisher::~Publisher() {
  peer_->set_rtcp_handler(nullptr);
  peer_->Close();
}

asio::awaitable<Result<std::shared_ptr<Publisher>>> Publisher::Join(
    PublisherOptions options, const rtc::DtlsCertificate& certificate, RandomSource& random) {
  const auto executor = co_await asio::this_coro::executor;
  socketio::ClientOptions signaling_options;
  signaling_options.url = options.url;
  signaling_options.connect_limit = options.join_limit;
  signaling_options.call_limit = options.join_limit;
  auto signaling = co_await socketio::Client::Connect(std::move(signaling_options));
  if (!signaling) co_return std::unexpected(signaling.error());
  auto peer = MediaPeer::Open(executor, certificate, random);
  if (!peer) co_return std::unexpected(peer.error());
  auto publisher = std::make_shared<Publisher>(std::move(options), std::move(*signaling),
                                               std::move(*peer), executor);
  auto announced = co_await publisher->Announce(certificate, random);
  if (!announced) {
    co_await publisher->Leave();
    co_return std::unexpected(announced.error());
  }
  co_return publisher;
}

asio::awaitable<Result<void>> Publisher::Announce(const rtc::DtlsCertificate& certificate,
                                                  RandomSource& random) {
  const auto executor = co_await asio::this_coro::executor;
  asio::co_spawn(executor, ReadEvents(), asio::detached);
  co_await welcomed_.Wait(options_.join_limit);
  if (!reason_) co_return reason_;
  if (!router_capabilities_) {
    co_return Fail(ErrorCode::kUnavailable, "the server does not welcome: is it confab?");
  }
  json::object join{{"room", options_.room}, {"name", options_.name}};
  const auto joined = co_await Ask("joinRoom", std::move(join));
  if (!joined) co_return std::unexpected(joined.error());
  cname_ = TextOf(*joined, "participantId");
  if (cname_.empty() || cname_.size() > rtc::Sdes::kMaxCnameSize) {
    co_return Fail(ErrorCode::kInvalidMessage, "joinRoom: the answer has no usable participantId");
  }
  const auto connected = co_await ConnectTransport(certificate);
  if (!connected) co_return connected;

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

asio::awaitable<Result<void>> Publisher::ConnectTransport(const rtc::DtlsCertificate& certificate) {
  json::object wish{{"direction", "send"}};
  const auto created = co_await Ask("createWebRtcTransport", std::move(wish));
  if (!created) co_return std::unexpected(created.error());
  const auto remote = ParseRemoteTransport(*created);
  if (!remote) co_return std::unexpected(remote.error());
  transport_id_ = remote->id;

  const rtc::Fingerprint& own = certificate.fingerprint();
  json::object fingerprint{{"algorithm", rtc::ToString(own.algorithm)},
                           {"value", own.ValueToString()}};
  json::object dtls{{"role", "client"}, {"fingerprints", json::array{std::move(fingerprint)}}};
  json::object request{{"transportId", transport_id_}, {"dtlsParameters", std::move(dtls)}};
  const auto answer = co_await Ask("connectTransport", std::move(request));
  if (!answer) co_return std::unexpected(answer.error());
  if (const auto started = peer_->Connect(*remote); !started) co_return started;
  co_return co_await peer_->UntilConnected(options_.join_limit);
}

asio::awaitable<Result<std::unique_ptr<OutgoingMedia>>> Publisher::Produce(std::string_view kind,
                                                                           RandomSource& random) {
  auto parameters = ChooseParameters(*router_capabilities_, MimeType(kind), rtc::Ssrc(random.U32()),
                                     kind == "video" ? "0" : "1", cname_);
  if (!parameters) co_return std::unexpected(parameters.error());
  json::object request{{"transportId", transport_id_},
                       {"kind", kind},
                       {"rtpParameters", parameters->rtp_parameters}};
  const auto answer = co_await Ask("produce", std::move(request));
  if (!answer) co_return std::unexpected(answer.error());
  auto media =
      std::make_unique<OutgoingMedia>(*peer_, std::move(*parameters), cname_, net::MonotonicNow());
  if (!media->open()) co_return Fail(ErrorCode::kInternal, "two streams drew one ssrc: try again");
  co_return media;
}

asio::awaitable<Result<json::value>> Publisher::Ask(std::string_view event, json::object request) {
  socketio::Arguments arguments;
  arguments.values.push_back(std::move(request));
  const auto answer = co_await signaling_->Call(event, std::move(arguments));
  if (!answer) co_return std::unexpected(answer.error());
  if (const json::value* error = Find(answer->At(0), "error")) {
    co_return std::unexpected(ErrorOf(event, *error));
  }
  co_return answer->At(0);
}

void Publisher::TakeWelcome(const json::value& welcome) {
  const json::value* capabilities = Find(welcome, "routerRtpCapabilities");
  if (capabilities == nullptr || welcomed_.is_set()) return;
  router_capabilities_ = *capabilities;
  welcomed_.Set();
}

// Also drains what a publisher does not care for.
asio::awaitable<void> Publisher::ReadEvents() {
  const auto self = shared_from_this();
  for (;;) {
    const auto event = co_await signaling_->Next();
    if (!event) {
      if (!ended_.is_set()) reason_ = std::unexpected(event.error());
      break;
    }
    if (event->name == "welcome") TakeWelcome(event->arguments.At(0));
    if (event->name == "transportClosed") {
      reason_ =
          Fail(ErrorCode::kUnavailable, fmt::format("the server closed the transport: {}",
                                                    TextOf(event->arguments.At(0), "reason")));
      break;
    }
  }
  ended_.Set();
  welcomed_.Set();
}

asio::awaitable<Result<void>> Publisher::Run() {
  const auto self = shared_from_this();
  Timestamp next_video = net::MonotonicNow();
  Timestamp next_audio = next_video;
  while (!ended_.is_set() && !peer_->failed()) {
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
    co_await ended_.Wait(std::min(next_video, next_audio) - net::MonotonicNow());
  }
  if (!ended_.is_set()) co_return Fail(ErrorCode::kUnavailable, "the media service has gone");
  co_return reason_;
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
  ended_.Set();
  (void)co_await Ask("leaveRoom", json::object());
  peer_->Close();
  co_await signaling_->Close();
}

PublisherCounters Publisher::counters() const {
  return {.video_packets = video_->packets(),
          .audio_packets = audio_->packets(),
          .keyframes = source_.keyframes(),
          .keyframe_requests = keyframe_requests_};
}

}  // namespace confab::client
