#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "rtc/rtcp/rtcp_header.h"
#include "rtc/types.h"

namespace confab::rtc {

// Generic NACK (RFC 4585 §6.2.1): RTPFB, FMT 1; one item or more:
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |            PID                |             BLP               |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
struct Nack {
  static constexpr size_t kItemSize = 4;

  Ssrc sender;
  Ssrc media;
  BytesView items;  // whole items; points into the packet

  static std::optional<Nack> Parse(const RtcpBlock& block);

  // Calls fn(uint16_t) for every sequence number asked for, in the order of the packet: at most 17
  // for each item. A peer may name the same number often; the caller limits what it does.
  template <std::invocable<uint16_t> Fn>
  void ForEachSequence(Fn&& fn) const {
    for (size_t at = 0; at + kItemSize <= items.size(); at += kItemSize) {
      const uint16_t pid = LoadU16(&items[at]);
      fn(pid);
      for (uint32_t blp = LoadU16(&items[at + 2]); blp != 0; blp &= blp - 1) {
        fn(static_cast<uint16_t>(pid + 1 + std::countr_zero(blp)));
      }
    }
  }
};

// Items that WriteNack puts into one packet at most: 12 + 256 octets.
inline constexpr size_t kMaxNackItems = 64;

// Writes one NACK packet for numbers in ascending order (wrap-aware) without duplicates: as many
// from the front as kMaxNackItems items hold. Returns how many numbers it took; call again with the
// rest. Writes nothing for an empty list.
size_t WriteNack(ByteWriter& writer, Ssrc sender, Ssrc media, std::span<const uint16_t> sequences);

}  // namespace confab::rtc
