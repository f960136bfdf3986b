#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/units.h"
#include "client/media/video_source.h"
#include "client/peer/media_peer.h"
#include "client/signaling/publish_parameters.h"

namespace confab::client {

// What a published stream needs besides its packets: numbers, RTP time and sender reports. Its
// RTP clock begins at 0 with `begin`.
class OutgoingMedia {
 public:
  // RFC 3550 §6.2 would let it be 5 s; browsers report every second, and receivers wait for a
  // report before they align sound and picture.
  static constexpr TimeDelta kReportInterval = TimeDelta::Seconds(1);

  OutgoingMedia(MediaPeer& peer, PublishParameters parameters, std::string cname, Timestamp begin);

  // nullopt: the session took no further stream.
  bool open() const { return stream_.has_value(); }
  rtc::Ssrc ssrc() const { return parameters_.stream.ssrc; }
  uint32_t RtpTimeAt(Timestamp now) const;
  // One packet with `payload`, at most kMaxPacketSize octets with its header.
  void Send(Timestamp now, BytesView payload, bool marker);
  // A sender report (RFC 3550 §6.4.1) with the stream's CNAME where one is due.
  void ReportIfDue(Timestamp now);
  uint64_t packets() const { return static_cast<uint64_t>(next_sequence_); }

 private:
  MediaPeer* peer_;
  PublishParameters parameters_;
  std::string cname_;
  Timestamp begin_;
  std::optional<rtc::OutgoingStreamIndex> stream_;
  int64_t next_sequence_ = 0;
  Timestamp next_report_;
};

}  // namespace confab::client
