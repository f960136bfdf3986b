#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/units.h"
#include "rtc/codec/codec_type.h"
#include "rtc/packet_pool.h"
#include "rtc/rtp/reception_statistics.h"
#include "rtc/rtp/sequence_number.h"
#include "sfu/keyframe_requester.h"
#include "sfu/media_clock.h"
#include "sfu/packet_cache.h"

namespace confab::sfu {

// One RTP stream that a producer sends: one encoding. Its ssrc is announced or, for streams that
// are told apart by mid and rid, learnt from the first packet. Owned by its producer.
class ProducerStream {
 public:
  struct Options {
    std::optional<rtc::Ssrc> ssrc;
    std::optional<rtc::Ssrc> rtx_ssrc;
    std::string rid;
    rtc::CodecType codec = rtc::CodecType::kOpus;
    uint32_t clock_rate = 0;  // Hz
  };
  explicit ProducerStream(Options options);

  const std::optional<rtc::Ssrc>& ssrc() const { return options_.ssrc; }
  const std::optional<rtc::Ssrc>& rtx_ssrc() const { return options_.rtx_ssrc; }
  const std::string& rid() const { return options_.rid; }
  uint32_t clock_rate() const { return options_.clock_rate; }
  void LearnSsrc(rtc::Ssrc ssrc);

  // Reads what the codec says of the packet, numbers it without wrap and keeps it for newcomers.
  // False: the payload is malformed.
  bool Accept(const rtc::PacketRef& packet, NtpTime arrival);
  // Counts a probe that has no payload; sets its number.
  void AcceptPadding(const rtc::PacketRef& packet);

  rtc::ReceptionStatistics& statistics() { return *statistics_; }
  const rtc::ReceptionStatistics* statistics_if_started() const {
    return statistics_ && statistics_->started() ? &*statistics_ : nullptr;
  }
  PacketCache& cache() { return cache_; }
  MediaClock& clock() { return clock_; }
  KeyframeRequester& keyframes() { return keyframes_; }
  uint64_t keyframes_received() const { return keyframes_received_; }
  uint64_t keyframes_requested() const { return keyframes_.sent(); }

 private:
  void Number(rtc::Packet& packet);

  Options options_;
  rtc::SequenceUnwrapper<uint16_t> unwrapper_;
  std::optional<rtc::ReceptionStatistics> statistics_;  // once the ssrc is known
  PacketCache cache_;                                   // video only
  MediaClock clock_;
  KeyframeRequester keyframes_;
  uint64_t keyframes_received_ = 0;
};

}  // namespace confab::sfu
