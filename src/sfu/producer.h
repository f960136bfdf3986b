#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "rtc/types.h"
#include "sfu/audio/audio_level_observer.h"
#include "sfu/parameters/producer_mapping.h"
#include "sfu/parameters/producer_type.h"
#include "sfu/parameters/rtp_parameters.h"
#include "sfu/producer_stream.h"

namespace confab::sfu {

class Consumer;
class Transport;

struct ProducerOptions {
  std::string id;
  rtc::MediaKind kind = rtc::MediaKind::kAudio;
  RtpParameters parameters;  // validated
  std::string cname;         // what consumers see: one per participant
  bool paused = false;
};

// A source of media: one microphone, camera or screen, as one or several RTP streams. Owned by the
// transport it comes over; knows its consumers, which sit on other transports of the router.
class Producer {
 public:
  // Errors: kUnsupportedParameters.
  static Result<std::unique_ptr<Producer>> Create(ProducerOptions options, Transport& transport);

  const std::string& id() const { return options_.id; }
  rtc::MediaKind kind() const { return options_.kind; }
  bool is_video() const { return options_.kind == rtc::MediaKind::kVideo; }
  ProducerType type() const { return type_; }
  const RtpParameters& parameters() const { return options_.parameters; }
  // As consumers may have it at best.
  const RtpParameters& consumable() const { return consumable_; }
  Transport& transport() const { return *transport_; }

  bool paused() const { return options_.paused; }
  void set_paused(bool paused) { options_.paused = paused; }

  std::vector<ProducerStream>& streams() { return streams_; }
  const std::vector<ProducerStream>& streams() const { return streams_; }
  // The stream that consumers of an unlayered producer get.
  ProducerStream& main_stream() { return streams_.front(); }
  bool TakesPayloadType(rtc::PayloadType type) const { return type == payload_type_; }
  // Turns a packet of the stream's RTX ssrc into the one that it repeats; false: a mere probe, or
  // not of the RTX codec that was announced.
  bool Restore(rtc::Packet& packet, const ProducerStream& stream) const;

  const std::vector<Consumer*>& consumers() const { return consumers_; }
  void AddConsumer(Consumer& consumer) { consumers_.push_back(&consumer); }
  void RemoveConsumer(Consumer& consumer) { std::erase(consumers_, &consumer); }

  // The router's number for it in the audio level observer.
  ProducerKey key = 0;
  // RFC 6464 level of the newest audio packet in dBov, -127…0.
  int audio_level_dbov = -127;

 private:
  Producer(ProducerOptions options, Transport& transport);

  ProducerOptions options_;
  Transport* transport_;  // owns this
  ProducerType type_ = ProducerType::kSimple;
  RtpParameters consumable_;
  rtc::PayloadType payload_type_;
  std::optional<rtc::PayloadType> rtx_payload_type_;
  std::vector<ProducerStream> streams_;
  std::vector<Consumer*> consumers_;
};

}  // namespace confab::sfu
