#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/error.h"
#include "base/random.h"
#include "client/media/incoming_streams.h"
#include "client/media/sound_gaps.h"
#include "client/peer/media_peer.h"
#include "client/signaling/room_connection.h"
#include "net/asio.h"
#include "net/event.h"
#include "rtc/dtls/dtls_certificate.h"

namespace confab::client {

struct SubscriberOptions : RoomOptions {
  SubscriberOptions() {}  // see RoomOptions

  // Of a thousand packets of video that come so many are thrown away, to see them asked for and
  // repeated.
  uint32_t lose_per_mille = 0;
  // Hears of every packet of sound; shared with whoever goes on counting when this subscriber has
  // ended and another one has come in its place. Null: nobody does.
  std::shared_ptr<SoundGaps> sound_gaps;
};

// A participant without a browser that only receives: consumes everything that others in the room
// send, by the classic flow of the signaling protocol, and counts it. One thread; the certificate
// and the random source outlive it.
class Subscriber : public std::enable_shared_from_this<Subscriber> {
 public:
  // RFC 3550 §6.2 would let it be 5 s; browsers report every second.
  static constexpr TimeDelta kReportInterval = TimeDelta::Seconds(1);
  // As many consumers as the server lets a participant have.
  static constexpr size_t kMaxStreams = 1000;

  // In the room, connected, with a consumer of each stream that was there. The error says which
  // step failed, and why.
  static asio::awaitable<Result<std::shared_ptr<Subscriber>>> Join(
      SubscriberOptions options, const rtc::DtlsCertificate& certificate, RandomSource& random);
  Subscriber(SubscriberOptions options, std::shared_ptr<RoomConnection> room,
             std::shared_ptr<MediaPeer> peer, RandomSource& random);
  ~Subscriber();
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  // Receives until Stop, or until the server or the path has gone or a stream could not be
  // consumed: the error says which.
  asio::awaitable<Result<void>> Run();
  void Stop();
  // After Run, where media has gone and the place in the room has not: the same participant with
  // new streams, which count from nothing. Error: join anew.
  asio::awaitable<Result<void>> Return(const rtc::DtlsCertificate& certificate);
  // After Run, or when the join failed: says goodbye and lets everything go.
  asio::awaitable<void> Leave();

  SubscriberCounters counters() const;
  SubscriberProgress progress() const { return streams_.progress(); }
  // Streams of these participants that have brought something, and nothing since.
  uint64_t StreamsStoppedBefore(Timestamp time, const std::set<std::string>& participants) const;

 private:
  struct RtcpVisitor;

  // Says to `peer` who hears of what comes.
  void Listen();
  asio::awaitable<Result<void>> Begin(const rtc::DtlsCertificate& certificate);
  // Connects the peer and consumes all that is known.
  asio::awaitable<Result<void>> Receive(const rtc::DtlsCertificate& certificate);
  asio::awaitable<Result<void>> Consume(std::string producer_id);
  asio::awaitable<void> ConsumeLater(std::string producer_id);
  void OnEvent(const socketio::ClientEvent& event);
  void OnNewProducer(std::string producer_id, std::string participant_id);
  void OnPacket(rtc::Packet& packet);
  bool Loses();
  void AddStream(ReceiveParameters parameters);
  void HandleTimeouts(Timestamp now);
  void ReportIfDue(Timestamp now);
  Timestamp NextTimeout() const;

  SubscriberOptions options_;
  std::shared_ptr<RoomConnection> room_;  // shared with its coroutines, as the peer
  std::shared_ptr<MediaPeer> peer_;
  RandomSource* random_;
  net::Event wake_;  // something is due earlier than `asleep_until_`
  Timestamp asleep_until_ = Timestamp::Past();
  Timestamp next_report_ = Timestamp::Past();
  std::string transport_id_;  // empty until it is connected
  // That were heard of, and not of their end, with who sends them.
  std::map<std::string, std::string> producers_;
  IncomingStreams streams_;
  rtc::ExtensionMap extensions_;
  uint64_t thrown_away_ = 0;
  Result<void> failure_;
};

}  // namespace confab::client
