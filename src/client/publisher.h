#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/random.h"
#include "client/media/encoded_clip.h"
#include "client/media/outgoing_media.h"
#include "client/media/video_source.h"
#include "client/peer/media_peer.h"
#include "net/asio.h"
#include "net/event.h"
#include "rtc/dtls/dtls_certificate.h"
#include "socketio/client.h"

namespace confab::client {

struct PublisherOptions {
  // No aggregate: GCC 12 destroys one twice that is made within a co_await expression.
  PublisherOptions() {}

  std::string url;  // of the server, for example http://127.0.0.1:4000
  std::string room;
  std::string name;
  std::shared_ptr<const EncodedClip> clip;
  size_t clip_start = 0;                          // VideoSource's
  TimeDelta join_limit = TimeDelta::Seconds(10);  // for each step of the join
};

// What a publisher has sent and was asked for since it began.
struct PublisherCounters {
  uint64_t video_packets = 0;
  uint64_t audio_packets = 0;
  uint64_t keyframes = 0;
  uint64_t keyframe_requests = 0;  // PLI and FIR
};

// A participant without a browser that only sends: a clip as its camera, silence as its microphone.
// Joins by the classic flow of the signaling protocol, as the ICE-controlling DTLS client. One
// thread; the certificate and the random source outlive it.
class Publisher : public std::enable_shared_from_this<Publisher> {
 public:
  // In the room, connected, both streams announced. The error says which step failed, and why.
  static asio::awaitable<Result<std::shared_ptr<Publisher>>> Join(
      PublisherOptions options, const rtc::DtlsCertificate& certificate, RandomSource& random);
  Publisher(PublisherOptions options, std::unique_ptr<socketio::Client> signaling,
            std::shared_ptr<MediaPeer> peer, const asio::any_io_executor& executor);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // Sends until Stop, or until the server or the path has gone: kUnavailable says which.
  asio::awaitable<Result<void>> Run();
  void Stop() { ended_.Set(); }
  // After Run, or when the join failed: says goodbye and lets everything go.
  asio::awaitable<void> Leave();

  PublisherCounters counters() const;

 private:
  struct RtcpVisitor;

  asio::awaitable<Result<void>> Announce(const rtc::DtlsCertificate& certificate,
                                         RandomSource& random);
  asio::awaitable<Result<void>> ConnectTransport(const rtc::DtlsCertificate& certificate);
  asio::awaitable<Result<std::unique_ptr<OutgoingMedia>>> Produce(std::string_view kind,
                                                                  RandomSource& random);
  // The answer's object, or the error that it carries.
  asio::awaitable<Result<boost::json::value>> Ask(std::string_view event,
                                                  boost::json::object request);
  asio::awaitable<void> ReadEvents();
  void TakeWelcome(const boost::json::value& welcome);
  void SendFrame(Timestamp now);
  void SendSilence(Timestamp now);

  PublisherOptions options_;
  std::unique_ptr<socketio::Client> signaling_;
  std::shared_ptr<MediaPeer> peer_;
  net::Event ended_;
  net::Event welcomed_;  // or ended
  std::optional<boost::json::value> router_capabilities_;
  Result<void> reason_;
  std::string transport_id_;
  std::string cname_;
  std::unique_ptr<OutgoingMedia> video_;
  std::unique_ptr<OutgoingMedia> audio_;
  VideoSource source_;
  uint16_t picture_id_ = 0;
  uint64_t keyframe_requests_ = 0;
};

}  // namespace confab::client
