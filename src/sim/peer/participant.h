#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sfu/parameters/rtp_parameters.h"
#include "sim/media/received_stream.h"
#include "sim/media/sent_stream.h"
#include "sim/media/synthetic_video.h"
#include "sim/peer/endpoint.h"
#include "sim/scenario/scenario.h"

namespace confab::sim {

// A participant without a browser: two transports as browsers have them, one to send and one to
// receive, a camera and a microphone that are counted instead of seen. Pure; the simulation brings
// time, datagrams and what signaling says.
class Participant {
 public:
  static constexpr TimeDelta kAudioInterval = TimeDelta::Millis(20);
  static constexpr size_t kAudioOctets = 80;  // 32 kbit/s
  static constexpr TimeDelta kReportInterval = TimeDelta::Seconds(1);

  // A stream that it sends, as the server has to be told.
  struct Published {
    rtc::MediaKind kind;
    rtc::Ssrc ssrc;
    std::optional<rtc::Ssrc> rtx_ssrc;
    bool paused = false;
  };

  // `number` tells apart all who ever come in a run.
  Participant(Timestamp now, PeerContext& context, uint32_t number, const ParticipantPlan& plan);

  // The join's reply: where to connect to.
  void Connect(Timestamp now, const rtc::IceCredentials& send, const rtc::IceCredentials& receive);
  void Recheck(Timestamp now, const rtc::IceCredentials& send, const rtc::IceCredentials& receive);
  // Another address: the network's doing.
  void Move();
  void Detach();
  // True once, when its sending transport has connected: it announces its streams now.
  bool TakeReadyToPublish();
  void SetSending(Timestamp now, rtc::MediaKind kind, bool sending);

  // A consumer of ours exists. Frames sent after `measure_from` are measured.
  ReceivedStream& AddReceived(const sfu::RtpParameters& parameters, rtc::MediaKind kind,
                              Timestamp measure_from, TimeDelta deadline);
  // Its counters join those of the closed.
  void RemoveReceived(rtc::Ssrc ssrc);
  ReceivedStream* FindReceived(rtc::Ssrc ssrc) const;

  void Receive(Timestamp now, const Arrived& datagram);
  void HandleTimeout(Timestamp now);
  Timestamp NextTimeout() const { return next_timeout_; }
  // Sends what waits and looks when it wants to be woken: after every call above.
  void Flush(Timestamp now);

  uint32_t number() const { return number_; }
  uint32_t host() const { return host_; }
  Endpoint& send() { return send_; }
  Endpoint& receive() { return receive_; }
  bool connected() const { return send_.session().connected() && receive_.session().connected(); }
  std::vector<Published>& published() { return published_; }
  uint64_t frames_sent() const { return video_ ? video_->frames() : 0; }
  // Its part of a run's report.
  void AddTo(struct Report& report) const;

 private:
  friend struct ParticipantRtcp;
  void Publish(Timestamp now, rtc::MediaKind kind);
  SentStream* FindSent(rtc::Ssrc ssrc);
  SentStream* FindSent(rtc::MediaKind kind);
  bool IsSending(rtc::MediaKind kind) const;
  void SendVideo(Timestamp now);
  void SendAudio(Timestamp now);
  void SendReports(Timestamp now);
  void UpdateTimeout();
  NtpTime NtpAt(Timestamp now) const;
  SocketAddress AddressOf(uint16_t port) const;

  PeerContext* context_;
  uint32_t number_;
  uint32_t host_;
  uint8_t generation_ = 0;  // of its address
  Endpoint send_;
  Endpoint receive_;
  std::optional<SyntheticVideo> video_;
  std::vector<Published> published_;
  std::vector<std::unique_ptr<SentStream>> sent_;  // as in published_
  std::vector<std::unique_ptr<ReceivedStream>> received_;
  std::array<FrameCounters, 2> closed_frames_;  // by media kind
  ReceivedStreamCounters closed_streams_;
  bool announced_ = false;
  uint32_t audio_frames_ = 0;
  Timestamp next_video_ = Timestamp::Never();
  Timestamp next_audio_ = Timestamp::Never();
  Timestamp next_report_ = Timestamp::Never();
  Timestamp next_timeout_ = Timestamp::Never();
};

}  // namespace confab::sim
