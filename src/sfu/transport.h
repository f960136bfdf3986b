#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/call_scope.h"
#include "base/error.h"
#include "base/units.h"
#include "rtc/dtls/fingerprint.h"
#include "rtc/rtp/extension_map.h"
#include "rtc/session/session.h"
#include "rtc/timer_table.h"
#include "sfu/audio/audio_level_observer.h"
#include "sfu/consumer.h"
#include "sfu/early_buffer.h"
#include "sfu/parameters/rtp_parameters.h"
#include "sfu/plain_parameters.h"
#include "sfu/producer.h"
#include "sfu/transport_figures.h"
#include "sfu/transport_record.h"
#include "sfu/worker_context.h"

namespace confab::sfu {

struct TransportOptions {
  std::string id;
  std::string router_id;
  std::optional<RtpCapabilities> capabilities;  // the receiver's, validated
  CallScope scope = {};                         // for whoever logs; nothing is decided by it
};

// What the client said of its side of DTLS.
struct RemoteDtls {
  rtc::DtlsRole role = rtc::DtlsRole::kServer;  // ours
  std::vector<rtc::Fingerprint> fingerprints;   // empty: not known yet
};

// A connection with one peer, and the producers and consumers that use it: by ICE and DTLS
// (mediasoup's WebRtcTransport), or plain, without either (its PlainTransport). Owned by its
// router, lives on its worker. Owns the session; turns opened packets into calls of producers and
// consumers, and speaks RTCP for both; none of that knows which of the two it is.
class Transport {
 public:
  static constexpr size_t kMaxProducers = 16;
  static constexpr size_t kMaxConsumers = 512;
  // How often reports are sent (RFC 3550 §6.2 allows 360 kbit/s ÷ bandwidth seconds; browsers use
  // one second for video).
  static constexpr TimeDelta kReportInterval = TimeDelta::Seconds(1);

  // The context and the router's observer outlive the transport.
  Transport(Timestamp now, TransportOptions options, WorkerContext& context,
            AudioLevelObserver& speakers);
  // A plain one.
  Transport(Timestamp now, TransportOptions options, PlainTransportOptions plain,
            WorkerContext& context, AudioLevelObserver& speakers);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  const std::string& id() const { return options_.id; }
  const std::string& router_id() const { return options_.router_id; }
  const CallScope& scope() const { return options_.scope; }
  const std::optional<RtpCapabilities>& capabilities() const { return options_.capabilities; }
  rtc::Session& session() { return session_; }
  const rtc::Session& session() const { return session_; }
  bool is_plain() const { return plain_.has_value(); }
  // Only where is_plain.
  const PlainParameters& plain() const { return *plain_; }

  // --- Control, called by the router.
  // Errors: kInvalidState when called twice, or for a plain transport.
  Result<void> Connect(Timestamp now, RemoteDtls remote, rtc::SessionOutput& output);
  // Errors: kInvalidState for one with ICE; those of PlainParameters::SetRemote.
  Result<void> ConnectPlain(const PlainRemote& remote, rtc::SessionOutput& output);
  // The producer must not exist yet. Replays what came early. Errors: kLimitExceeded, kDuplicateId
  // (an ssrc or mid is taken), kUnsupportedParameters.
  Result<Producer*> AddProducer(Timestamp now, ProducerOptions options);
  // Consumers of it must have been removed.
  void RemoveProducer(Producer& producer);
  // Chooses mid and ssrc. Errors: kCannotConsume, kLimitExceeded.
  Result<Consumer*> AddConsumer(Timestamp now, std::string id, Producer& producer,
                                const RtpCapabilities& capabilities, bool paused);
  void RemoveConsumer(Consumer& consumer);
  // Starts or stops the consumer as its own, its producer's and the session's state want it.
  void UpdateFlow(Timestamp now, Consumer& consumer);
  void OnConnected(Timestamp now);
  // It ends: what still waits for a producer waits in vain.
  void DropEarly();

  const std::vector<std::unique_ptr<Producer>>& producers() const { return producers_; }
  const std::vector<std::unique_ptr<Consumer>>& consumers() const { return consumers_; }
  // What producers and consumers had counted that are gone.
  const MediaFigures& closed_media() const { return closed_media_; }
  TransportRecord& record() { return record_; }

  // Its peer has come with a valid check.
  void NoteReached(Timestamp now) { reached_at_ = std::min(reached_at_, now); }
  bool is_reached() const { return !reached_at_.is_never(); }
  // For the statistics: media may flow.
  void CountConnected(Timestamp now);
  MediaCounters& counters() { return context_->counters; }

  // The worker's: how many of its paths stand in the path table.
  size_t paths_registered = 0;

  // --- The packet path.
  void HandleRtp(Timestamp now, const rtc::PacketRef& packet);
  void HandleRtcp(Timestamp now, BytesView compound);
  const AudioLevelObserver& speakers() const { return *speakers_; }
  // The session has something to release.
  void Schedule();
  void clear_scheduled() { scheduled_ = false; }

  // A keyframe is wanted from one of this transport's producers.
  void RequestKeyframe(Timestamp now, Producer& producer);

  // --- Time.
  void HandleTimeout(Timestamp now, rtc::SessionOutput& output);
  Timestamp NextTimeout() const;

 private:
  enum class Timer : uint8_t { kReports, kKeyframes, kNack, kCache, kCount };
  struct Route {
    rtc::Ssrc ssrc;
    Producer* producer;
    size_t stream;
    bool rtx;
  };

  const Route* FindRoute(rtc::Ssrc ssrc) const;
  // By mid and rid, for ssrcs that were not announced; null if no producer fits.
  const Route* LearnRoute(const rtc::Packet& packet);
  void AddRoutes(Producer& producer);
  std::optional<ConsumerStreams> AddStreams(const RtpParameters& parameters);
  Result<void> CheckUnique(const RtpParameters& parameters) const;
  void HandleMedia(Timestamp now, const rtc::PacketRef& packet, const Route& route);
  void NoteAudioLevel(Timestamp now, Producer& producer, const rtc::Packet& packet);
  void UpdateReceiveExtensions();
  void SendPli(ProducerStream& stream);
  void ArmKeyframeTimer();
  // Asks this transport's peer for what is missing of its streams.
  void RequestMissing(Timestamp now);
  void SweepCaches(Timestamp now);
  void SendNack(Timestamp now, ProducerStream& stream);
  // A stream has ended for good (RFC 3550 §6.6). Browsers hear that by signaling; a program at a
  // plain transport, which records, would wait for more.
  void SayBye(rtc::Ssrc ssrc);
  void SendReports(Timestamp now);
  void SendReceiverReport(Timestamp now);
  void SendSenderReports(Timestamp now);
  Consumer* FindConsumer(rtc::Ssrc ssrc) const;
  ProducerStream* FindStream(rtc::Ssrc ssrc) const;
  friend struct RtcpVisitor;

  TransportOptions options_;
  WorkerContext* context_;
  AudioLevelObserver* speakers_;
  std::optional<PlainParameters> plain_;  // before the session, which is made by them
  rtc::Session session_;
  TransportRecord record_;
  MediaFigures closed_media_;
  bool has_remote_ = false;  // the peer's parameters have been given
  bool scheduled_ = false;
  Timestamp reached_at_ = Timestamp::Never();
  uint32_t next_mid_ = 0;
  std::vector<std::unique_ptr<Producer>> producers_;
  std::vector<std::unique_ptr<Consumer>> consumers_;
  std::vector<Route> routes_;  // a handful: a scan is the fastest look-up
  EarlyBuffer early_;
  SenderClock sender_clock_;
  rtc::TimerTable<Timer> timers_;
};

}  // namespace confab::sfu
