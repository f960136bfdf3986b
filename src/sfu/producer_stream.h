#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "base/units.h"
#include "rtc/codec/codec_type.h"
#include "rtc/packet_pool.h"
#include "rtc/rtp/nack_requester.h"
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
    bool repairs = false;     // what is missing can be asked for
  };
  explicit ProducerStream(Options options);

  const std::optional<rtc::Ssrc>& ssrc() const { return options_.ssrc; }
  const std::optional<rtc::Ssrc>& rtx_ssrc() const { return options_.rtx_ssrc; }
  const std::string& rid() const { return options_.rid; }
  uint32_t clock_rate() const { return options_.clock_rate; }
  void LearnSsrc(rtc::Ssrc ssrc);

  // Numbers the packet without wrap. `repeated`: it came as a retransmission. False: it came
  // before, or is of no more use.
  bool Number(Timestamp now, rtc::Packet& packet, bool repeated);
  // After Number: reads what the codec says of the packet and keeps it for newcomers and
  // retransmissions. False: the payload is malformed.
  bool Accept(const rtc::PacketRef& packet, NtpTime arrival);
  // A pause is over: receivers get nothing of what came until now, however late its packets come.
  void Resume() {
    cache_.Clear();
    resumed_after_ = newest_;
  }
  bool IsOfPause(const rtc::Packet& packet) const {
    return packet.unwrapped_sequence <= resumed_after_;
  }

  rtc::ReceptionStatistics& statistics() { return *statistics_; }
  const rtc::ReceptionStatistics* statistics_if_started() const {
    return statistics_ && statistics_->started() ? &*statistics_ : nullptr;
  }
  // The newest number that came; of what Number has taken.
  int64_t newest() const { return newest_; }
  PacketCache& cache() { return cache_; }
  MediaClock& clock() { return clock_; }
  KeyframeRequester& keyframes() { return keyframes_; }
  rtc::NackRequester& nack() { return nack_; }
  const rtc::NackRequester& nack() const { return nack_; }
  uint64_t keyframes_received() const { return keyframes_received_; }
  uint64_t keyframes_requested() const { return keyframes_.sent(); }

 private:
  void NoteKeyframe(const rtc::Packet& packet);

  Options options_;
  rtc::SequenceUnwrapper<uint16_t> unwrapper_;
  std::optional<rtc::ReceptionStatistics> statistics_;  // once the ssrc is known
  int64_t newest_ = std::numeric_limits<int64_t>::min();
  int64_t resumed_after_ = std::numeric_limits<int64_t>::min();
  PacketCache cache_;  // video only
  MediaClock clock_;
  KeyframeRequester keyframes_;
  rtc::NackRequester nack_;  // where the stream repairs
  uint64_t keyframes_received_ = 0;
  std::optional<uint32_t> keyframe_timestamp_;  // of the one that was counted last
};

}  // namespace confab::sfu
