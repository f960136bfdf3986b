#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/units.h"
#include "client/media/incoming_frames.h"
#include "client/signaling/consume_parameters.h"
#include "rtc/packet_pool.h"
#include "rtc/rtp/nack_requester.h"
#include "rtc/rtp/reception_statistics.h"
#include "rtc/rtp/sequence_number.h"
#include "rtc/session/session.h"

namespace confab::client {

struct IncomingCounters {
  uint64_t packets = 0;     // different numbers
  uint64_t recovered = 0;   // of those, from RTX
  uint64_t duplicates = 0;  // came before, or after they were given up
  uint64_t missing = 0;     // numbers between the first and the last that are not there
  uint64_t nacked = 0;      // numbers asked for, repeats included
  uint64_t plis = 0;
  uint64_t payload_octets = 0;   // of `packets`
  IncomingFrameCounters frames;  // of video

  IncomingCounters& operator+=(const IncomingCounters& other);
};

// A receiver's end of one stream with real media: counts packets by their numbers, restores
// retransmissions (RFC 4588), asks for what is missing and for a keyframe where that is hopeless,
// and reports. Feedback is handed to the session, which seals it. What sim::ReceivedStream does for
// synthetic frames, whose payload says where they begin and end.
class IncomingMedia {
 public:
  static constexpr TimeDelta kPliInterval = TimeDelta::Millis(300);
  // A capture time further from now than this is a mistake of one of the clocks.
  static constexpr TimeDelta kMaxLatency = TimeDelta::Seconds(60);

  explicit IncomingMedia(ReceiveParameters parameters);

  // `wall`: what the wall clock says now. The packet is one of its two ssrcs.
  void OnPacket(Timestamp now, NtpTime wall, rtc::Packet& packet);
  void OnSenderReport(NtpTime ntp, Timestamp arrival) { statistics_.OnSenderReport(ntp, arrival); }
  // Sends what is due by now: NACK and PLI. To be called at NextTimeout or later.
  void HandleTimeout(Timestamp now, rtc::Session& session);
  Timestamp NextTimeout() const;
  // nullopt before the first packet.
  std::optional<rtc::ReportBlock> TakeReport(Timestamp now);

  const ReceiveParameters& parameters() const { return parameters_; }
  // A packet has come, and none since.
  bool stopped_before(Timestamp time) const { return counters_.packets > 0 && last_came_ < time; }
  IncomingCounters counters() const;
  // Of the counters, those that are looked at often: without the copy of a histogram.
  uint64_t packets() const { return counters_.packets; }
  uint64_t recovered() const { return counters_.recovered; }
  uint64_t missing() const;
  uint64_t payload_octets() const { return counters_.payload_octets; }
  uint64_t complete_frames() const { return frames_.counters().complete; }

 private:
  bool is_video() const { return parameters_.kind == rtc::MediaKind::kVideo; }
  // The number without wrap, or nullopt: it is known already.
  std::optional<int64_t> Number(Timestamp now, const rtc::Packet& packet, bool restored);
  void TakeFrame(Timestamp now, NtpTime wall, int64_t sequence, const rtc::Packet& packet);
  void SendNack(Timestamp now, rtc::Session& session);
  void SendPli(Timestamp now, rtc::Session& session);

  ReceiveParameters parameters_;
  rtc::SequenceUnwrapper<uint16_t> unwrapper_;
  rtc::NackRequester nack_;
  rtc::ReceptionStatistics statistics_;
  IncomingFrames frames_;
  IncomingCounters counters_;
  int64_t first_ = 0;
  int64_t last_ = -1;
  Timestamp last_came_ = Timestamp::Past();
  Timestamp next_pli_ = Timestamp::Past();
  std::vector<uint16_t> due_;
};

}  // namespace confab::client
