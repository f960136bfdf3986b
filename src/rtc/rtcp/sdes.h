#pragma once

#include <optional>
#include <string_view>

#include "rtc/rtcp/bounded_list.h"
#include "rtc/rtcp/rtcp_header.h"
#include "rtc/types.h"

namespace confab::rtc {

// SDES (RFC 3550 §6.5): chunks of an ssrc and items {type, length, text}, ended by a zero octet and
// filled up to 32 bits. Of the items only CNAME is kept.
struct Sdes {
  static constexpr size_t kMaxChunks = 31;
  static constexpr size_t kMaxCnameSize = 255;

  struct Chunk {
    Ssrc ssrc;
    std::string_view cname;  // points into the packet; empty when the chunk has none
    bool operator==(const Chunk&) const = default;
  };
  BoundedList<Chunk, kMaxChunks> chunks;

  static std::optional<Sdes> Parse(const RtcpBlock& block);
  // Names are at most kMaxCnameSize octets (CHECKed).
  void Write(ByteWriter& writer) const;
};

}  // namespace confab::rtc
