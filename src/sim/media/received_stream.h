#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rtc/packet_pool.h"
#include "rtc/rtp/nack_requester.h"
#include "rtc/rtp/reception_statistics.h"
#include "rtc/rtp/sequence_number.h"
#include "rtc/session/session.h"
#include "sim/media/received_frames.h"

namespace confab::sim {

// What a receiver was told of a stream.
struct ReceivedStreamOptions {
  rtc::MediaKind kind = rtc::MediaKind::kVideo;
  rtc::Ssrc ssrc;
  rtc::PayloadType payload_type;
  std::optional<rtc::Ssrc> rtx_ssrc;  // RFC 4588
  uint32_t clock_rate = 90'000;       // Hz
};

struct ReceivedStreamCounters {
  uint64_t packets = 0;     // new ones, restored ones included
  uint64_t restored = 0;    // of those, from RTX
  uint64_t duplicates = 0;  // video, restored or not, that was there already or given up
  uint64_t unreadable = 0;  // not a frame part of ours
  uint64_t nacked = 0;      // numbers asked for
  uint64_t plis = 0;

  ReceivedStreamCounters& operator+=(const ReceivedStreamCounters& other) {
    packets += other.packets;
    restored += other.restored;
    duplicates += other.duplicates;
    unreadable += other.unreadable;
    nacked += other.nacked;
    plis += other.plis;
    return *this;
  }
};

// A receiver's end of one stream: restores retransmissions, asks for what is missing, and for a
// keyframe where that is hopeless, and reports. Feedback is handed to the session, which seals it.
class ReceivedStream {
 public:
  static constexpr TimeDelta kPliInterval = TimeDelta::Millis(300);

  explicit ReceivedStream(ReceivedStreamOptions options);

  // The ssrc of its media or of its retransmissions.
  bool Takes(rtc::Ssrc ssrc) const { return ssrc == options_.ssrc || ssrc == options_.rtx_ssrc; }
  void OnPacket(Timestamp now, rtc::Packet& packet);
  void OnSenderReport(NtpTime ntp, Timestamp arrival) { statistics_.OnSenderReport(ntp, arrival); }
  // Sends what is due by now: NACK and PLI. To be called at NextTimeout or later.
  void HandleTimeout(Timestamp now, rtc::Session& session);
  Timestamp NextTimeout() const;
  // nullopt before the first packet.
  std::optional<rtc::ReportBlock> TakeReport(Timestamp now);

  const ReceivedStreamOptions& options() const { return options_; }
  ReceivedFrames& frames() { return frames_; }
  const ReceivedFrames& frames() const { return frames_; }
  const ReceivedStreamCounters& counters() const { return counters_; }
  Timestamp last_packet_at() const { return last_packet_at_; }

 private:
  bool is_video() const { return options_.kind == rtc::MediaKind::kVideo; }
  // The number without wrap, or nullopt: it is known already.
  std::optional<int64_t> Number(Timestamp now, const rtc::Packet& packet, bool restored);
  void SendNack(Timestamp now, rtc::Session& session);
  void SendPli(Timestamp now, rtc::Session& session);

  ReceivedStreamOptions options_;
  rtc::SequenceUnwrapper<uint16_t> unwrapper_;
  rtc::NackRequester nack_;
  rtc::ReceptionStatistics statistics_;
  ReceivedFrames frames_;
  ReceivedStreamCounters counters_;
  Timestamp last_packet_at_ = Timestamp::Past();
  Timestamp next_pli_ = Timestamp::Past();
  std::vector<uint16_t> due_;
};

}  // namespace confab::sim
