#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "rtc/packet_pool.h"
#include "rtc/rtp/extension_map.h"
#include "rtc/session/sent_log.h"
#include "rtc/session/sequence_rewriter.h"
#include "rtc/srtp/replay_window.h"
#include "rtc/types.h"

namespace confab::rtc {

// What is fixed for a stream that a session sends.
struct OutgoingStreamConfig {
  Ssrc ssrc;
  PayloadType payload_type;
  std::string mid;          // at most 16 octets; empty: not sent
  ExtensionMap extensions;  // the receiver's ids
  bool keep_sent = false;   // what was sent is remembered for retransmission
  SendPriority priority = SendPriority::kVideo;
};

// Where the session is with a stream that it sends.
struct OutgoingStream {
  OutgoingStream(OutgoingStreamConfig stream_config, uint16_t first_sequence)
      : config(std::move(stream_config)), sequence(first_sequence) {}

  OutgoingStreamConfig config;
  bool open = true;
  SequenceRewriter sequence;
  bool owes_rebase = false;  // the packet that should have begun a new source was dropped
  ReplayWindow sealed;       // indices that have been given away: each is sealed once
  SentLog sent;              // empty unless config.keep_sent
  uint64_t packets = 0;
  uint64_t payload_octets = 0;
  uint32_t last_rtp_timestamp = 0;
};

// What Release fills into a packet's header besides the stream's own values.
struct HeaderStamp {
  uint16_t sequence = 0;
  uint32_t rtp_timestamp = 0;
  bool marker = false;
  uint16_t transport_sequence = 0;
  uint32_t abs_send_time = 0;  // 24 bits
};

// Writes the header of `source` as `stream`'s receiver shall see it: own ssrc, payload type,
// numbers, mid, transport-wide number and send time; what only the sender knows (audio level,
// orientation, dependency descriptor, capture time, playout delay) is taken over. Returns its size;
// 0 if it does not fit.
size_t WriteOutgoingHeader(const OutgoingStreamConfig& stream, const Packet& source,
                           const HeaderStamp& stamp, MutableBytes out);

}  // namespace confab::rtc
