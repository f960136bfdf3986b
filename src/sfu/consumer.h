#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "rtc/packet_pool.h"
#include "rtc/rtcp/report_block.h"
#include "rtc/rtcp/sender_report.h"
#include "rtc/session/session.h"
#include "sfu/media_clock.h"
#include "sfu/parameters/rtp_parameters.h"
#include "sfu/reported_loss.h"
#include "sfu/retransmission_budget.h"

namespace confab::sfu {

class Producer;
class Transport;

// A consumer's streams in its session.
struct ConsumerStreams {
  rtc::OutgoingStreamIndex media;
  std::optional<rtc::OutgoingStreamIndex> rtx;  // where the receiver repairs (RFC 4588)
};

struct ConsumerOptions {
  std::string id;
  RtpParameters parameters;  // what the receiver was told
  ConsumerStreams streams;
  bool paused = false;
};

// One producer's media on its way to one receiver. Owned by the receiver's transport. Decides which
// packets go out and when a newcomer's picture begins; its session numbers and sends them.
class Consumer {
 public:
  // What a change of state asks of the producer.
  enum class Wants : uint8_t { kNothing, kKeyframe };

  // The distance in time between the frames of a catch-up: small, so that the receiver shows the
  // newest one at once, yet rising, as a decoder needs it.
  static constexpr TimeDelta kCatchUpStep = TimeDelta::Millis(1);

  Consumer(ConsumerOptions options, Producer& producer, Transport& transport);

  const std::string& id() const { return options_.id; }
  const RtpParameters& parameters() const { return options_.parameters; }
  Producer& producer() const { return *producer_; }
  Transport& transport() const { return *transport_; }
  rtc::Ssrc ssrc() const { return *options_.parameters.encodings.front().ssrc; }
  const ConsumerStreams& streams() const { return options_.streams; }
  bool paused() const { return options_.paused; }
  void set_paused(bool paused) { options_.paused = paused; }

  // Media may flow from now on: the transport is connected, the consumer is not paused. A video
  // consumer is started from the newest cached keyframe; without one it waits for the next, which
  // the caller asks for.
  Wants Start(Timestamp now);
  // Nothing flows until the next Start, which goes on by one.
  void Stop() { flow_ = Flow::kStopped; }
  bool flowing() const { return flow_ == Flow::kFlowing; }

  // The packet path: a packet the producer accepted.
  void Forward(const rtc::PacketRef& packet);
  // A number of the producer's that carries nothing.
  void Skip(int64_t unwrapped_sequence);
  // The receiver misses what was sent under this number: it is repeated on the RTX stream, at most
  // once in a round trip and within the budget. Without an RTX stream nothing is: the same payload
  // sealed again under its own number would break the key (RFC 7714 §8.4).
  void Retransmit(Timestamp now, uint16_t sequence);

  // A report about this stream on the node's clock; nullopt before anything was sent.
  std::optional<rtc::SenderReport> MakeSenderReport(Timestamp now, const NodeClock& clock);
  void OnReceiverReport(const rtc::ReportBlock& block, NtpTime now);

  int64_t packets_lost() const { return packets_lost_; }
  TimeDelta round_trip() const { return round_trip_; }

 private:
  enum class Flow : uint8_t { kStopped, kAwaitingKeyframe, kFlowing };
  bool StartFromCache(Timestamp now);
  void ForwardToWaiting(const rtc::PacketRef& packet);
  void CatchUp(const std::vector<rtc::PacketRef>& packets);
  void Admit(rtc::SendIntent intent);
  void Send(const rtc::PacketRef& packet, uint32_t rtp_timestamp);

  ConsumerOptions options_;
  Producer* producer_;    // outlives this: closing a producer closes its consumers
  Transport* transport_;  // owns this
  Flow flow_ = Flow::kStopped;
  bool rebase_ = true;                  // the next packet begins anew
  std::optional<int64_t> newest_sent_;  // of the producer's numbers
  int64_t packets_lost_ = 0;
  TimeDelta round_trip_;
  ReportedLoss reported_;
  RetransmissionBudget budget_;
};

}  // namespace confab::sfu
