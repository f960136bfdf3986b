#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "client/signaling/publish_parameters.h"
#include "rtc/packet_pool.h"
#include "rtc/rtcp/nack.h"
#include "rtc/session/sent_log.h"
#include "rtc/session/session.h"

namespace confab::client {

// What a published stream needs besides its packets: numbers, RTP time, sender reports, and, where
// it has RTX, the repetition of what is asked for (RFC 4588). Its RTP clock begins at 0 with
// `begin`.
class OutgoingMedia {
 public:
  // RFC 3550 §6.2 would let it be 5 s; browsers report every second, and receivers wait for a
  // report before they align sound and picture.
  static constexpr TimeDelta kReportInterval = TimeDelta::Seconds(1);

  // Packets that are kept: as many as the session remembers.
  static constexpr size_t kKept = rtc::SentLog::kPackets;
  // A packet is not repeated twice within it, whatever is asked for.
  static constexpr TimeDelta kMinRepeat = TimeDelta::Millis(10);

  // Session and pool outlive it.
  OutgoingMedia(rtc::Session& session, rtc::PacketPool& pool, PublishParameters parameters,
                std::string cname, Timestamp begin);

  // nullopt: the session took no further stream.
  bool open() const { return stream_.has_value(); }
  rtc::Ssrc ssrc() const { return parameters_.stream.ssrc; }
  uint32_t RtpTimeAt(Timestamp now) const;
  // One packet with `payload`, at most kMaxPacketSize octets with its header. One with the marker
  // says when its frame was captured: at `now`.
  void Send(Timestamp now, BytesView payload, bool marker);
  // A sender report (RFC 3550 §6.4.1) with the stream's CNAME where one is due.
  void ReportIfDue(Timestamp now);
  void OnNack(Timestamp now, const rtc::Nack& nack);
  uint64_t asked_for() const { return asked_for_; }  // numbers in NACKs
  uint64_t repeated() const { return repeated_; }
  Timestamp last_sent() const { return last_sent_; }  // Past: nothing was
  uint64_t packets() const { return static_cast<uint64_t>(next_sequence_); }

 private:
  void Repeat(Timestamp now, uint16_t sequence);

  rtc::Session* session_;
  rtc::PacketPool* pool_;
  PublishParameters parameters_;
  std::string cname_;
  Timestamp begin_;
  std::optional<rtc::OutgoingStreamIndex> stream_;
  std::optional<rtc::OutgoingStreamIndex> rtx_;
  std::vector<rtc::PacketRef> kept_;  // by source sequence; with RTX only
  uint64_t asked_for_ = 0;
  uint64_t repeated_ = 0;
  int64_t next_sequence_ = 0;
  Timestamp last_sent_ = Timestamp::Past();
  Timestamp next_report_;
};

}  // namespace confab::client
