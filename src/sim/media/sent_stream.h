#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rtc/packet_pool.h"
#include "rtc/rtcp/nack.h"
#include "rtc/session/session.h"
#include "sim/media/frame_payload.h"

namespace confab::sim {

struct SentStreamOptions {
  rtc::MediaKind kind = rtc::MediaKind::kVideo;
  rtc::OutgoingStreamConfig media;
  std::optional<rtc::OutgoingStreamConfig> rtx;
  uint32_t clock_rate = 90'000;  // Hz
  uint32_t first_rtp_timestamp = 0;
};

struct SentStreamCounters {
  uint64_t packets = 0;
  uint64_t repeated = 0;
  uint64_t asked_for = 0;  // numbers in NACKs

  SentStreamCounters& operator+=(const SentStreamCounters& other) {
    packets += other.packets;
    repeated += other.repeated;
    asked_for += other.asked_for;
    return *this;
  }
};

// A sender's end of one stream: packets with synthetic payload, kept for a while and repeated on
// the RTX stream when they are asked for (RFC 4588), and sender reports.
class SentStream {
 public:
  // A power of two: as many as rtc::SentLog remembers.
  static constexpr size_t kKept = rtc::SentLog::kPackets;

  // `begin`: when its RTP clock says first_rtp_timestamp. The session outlives it.
  SentStream(Timestamp begin, SentStreamOptions options, rtc::Session& session);

  // One packet of `octets` of payload, audio with a level: everybody speaks in turns.
  void Send(Timestamp now, rtc::PacketRef packet, const FramePart& part, size_t octets);
  void OnNack(Timestamp now, const rtc::Nack& nack);
  // Nothing before the first packet.
  void SendReport(Timestamp now, NtpTime ntp);

  rtc::Ssrc ssrc() const { return options_.media.ssrc; }
  std::optional<rtc::Ssrc> rtx_ssrc() const {
    return options_.rtx ? std::optional(options_.rtx->ssrc) : std::nullopt;
  }
  rtc::MediaKind kind() const { return options_.kind; }
  const SentStreamCounters& counters() const { return counters_; }

 private:
  void Repeat(Timestamp now, uint16_t sequence);
  uint32_t RtpTimeAt(Timestamp now) const;

  SentStreamOptions options_;
  rtc::Session* session_;
  Timestamp begin_;
  rtc::OutgoingStreamIndex media_;
  std::optional<rtc::OutgoingStreamIndex> rtx_;
  int64_t next_sequence_ = 0;
  std::vector<rtc::PacketRef> kept_;  // by source sequence; with RTX only
  SentStreamCounters counters_;
};

}  // namespace confab::sim
