#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rtc/packet_pool.h"
#include "rtc/srtp/srtp_engine.h"
#include "rtc/types.h"
#include "sfu/worker.h"
#include "sim/run/ledger.h"

namespace confab::sim {

// A packet that the server has sealed and is about to send.
struct ServerPacket {
  rtc::Path path;
  rtc::SrtpKind kind = rtc::SrtpKind::kRtp;
  rtc::Ssrc ssrc;
  uint64_t index = 0;     // SRTP's or SRTCP's
  rtc::PacketRef source;  // null for RTCP
  BytesView prefix;       // before the source's payload: an RTX packet's original number
  BytesView bytes;        // sealed; the header is plain
  // Whose it is; null: nobody's.
  TransportEntry* transport = nullptr;
  ConsumerEntry* consumer = nullptr;  // RTP only

  bool is_rtx() const { return consumer != nullptr && ssrc != consumer->ssrc; }
};

// What invariants may look at. Outlives them.
struct World {
  const Ledger& ledger;
  const sfu::Worker& worker;
};

// Something that must hold at every step of every run. Watches, changes nothing; once it is broken
// it says so in one sentence, and the run ends.
class Invariant {
 public:
  virtual ~Invariant() = default;
  virtual std::string_view name() const = 0;

  virtual void OnServerPacket(Timestamp /*now*/, const ServerPacket& /*packet*/) {}
  // STUN and DTLS.
  virtual void OnServerDatagram(Timestamp /*now*/, const rtc::Path& /*path*/,
                                BytesView /*datagram*/) {}
  virtual void OnWorkerEvent(Timestamp /*now*/, const sfu::WorkerEvent& /*event*/) {}
  // A datagram has come to the server's socket.
  virtual void OnServerArrival() {}
  // The server has authenticated a packet of a participant's stream; `payload` is plain.
  virtual void OnServerOpened(Timestamp /*now*/, rtc::Ssrc /*ssrc*/, uint16_t /*sequence*/,
                              BytesView /*payload*/) {}
  // Everything of this point in time has happened and been sent.
  virtual void AtStepEnd(Timestamp /*now*/) {}
  virtual void EverySecond(Timestamp /*now*/) {}
  // Everyone has left, the room is closed, and a while has passed.
  virtual void AtEnd(Timestamp /*now*/) {}

  const std::optional<std::string>& broken() const { return broken_; }

 protected:
  // The first sentence counts.
  void Break(std::string sentence) {
    if (!broken_) broken_ = std::move(sentence);
  }

 private:
  std::optional<std::string> broken_;
};

}  // namespace confab::sim
