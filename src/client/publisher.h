#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/random.h"
#include "client/media/encoded_clip.h"
#include "client/media/outgoing_media.h"
#include "client/media/video_source.h"
#include "client/peer/media_peer.h"
#include "client/signaling/room_connection.h"
#include "net/asio.h"
#include "rtc/dtls/dtls_certificate.h"

namespace confab::client {

struct PublisherOptions : RoomOptions {
  PublisherOptions() {}  // see RoomOptions

  std::shared_ptr<const EncodedClip> clip;  // shared by those who show it
  size_t clip_start = 0;                    // VideoSource's
};

// What a publisher has sent and was asked for since it began.
struct PublisherCounters {
  uint64_t video_packets = 0;
  uint64_t audio_packets = 0;
  uint64_t keyframes = 0;
  uint64_t keyframe_requests = 0;  // PLI and FIR
  uint64_t asked_for = 0;          // numbers in NACKs
  uint64_t repeated = 0;           // of those, sent again

  PublisherCounters& operator+=(const PublisherCounters& other);
};

// A participant without a browser that only sends: a clip as its camera, silence as its microphone.
// Joins by the classic flow of the signaling protocol, as the ICE-controlling DTLS client. One
// thread; the certificate and the random source outlive it.
class Publisher : public std::enable_shared_from_this<Publisher> {
 public:
  // In the room, connected, both streams announced. The error says which step failed, and why.
  static asio::awaitable<Result<std::shared_ptr<Publisher>>> Join(
      PublisherOptions options, const rtc::DtlsCertificate& certificate, RandomSource& random);
  Publisher(PublisherOptions options, std::shared_ptr<RoomConnection> room,
            std::shared_ptr<MediaPeer> peer);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // Sends until Stop, or until the server or the path has gone: kUnavailable says which.
  asio::awaitable<Result<void>> Run();
  void Stop() { room_->Stop(); }
  // After Run, where media has gone and the place in the room has not: the same participant with
  // new streams, which count from nothing. Error: join anew.
  asio::awaitable<Result<void>> Return(const rtc::DtlsCertificate& certificate,
                                       RandomSource& random);
  // After Run, or when the join failed: says goodbye and lets everything go.
  asio::awaitable<void> Leave();

  PublisherCounters counters() const;
  const std::string& participant_id() const { return room_->participant_id(); }
  // When it last sent sound or picture, whichever is longer ago; Never: it has no media now.
  Timestamp last_sent() const;

 private:
  struct RtcpVisitor;

  // Connects the peer and announces both streams.
  asio::awaitable<Result<void>> Announce(const rtc::DtlsCertificate& certificate,
                                         RandomSource& random);
  asio::awaitable<Result<std::unique_ptr<OutgoingMedia>>> Produce(std::string_view kind,
                                                                  RandomSource& random);
  void SendFrame(Timestamp now);
  void SendSilence(Timestamp now);

  PublisherOptions options_;
  std::shared_ptr<RoomConnection> room_;  // shared with its coroutines, as the peer
  std::shared_ptr<MediaPeer> peer_;
  std::string transport_id_;
  std::unique_ptr<OutgoingMedia> video_;
  std::unique_ptr<OutgoingMedia> audio_;
  VideoSource source_;
  uint16_t picture_id_ = 0;
  uint64_t keyframe_requests_ = 0;
};

}  // namespace confab::client
