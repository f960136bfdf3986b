#pragma once

// For tests only.

#include <algorithm>
#include <string_view>
#include <vector>

#include "rtc/rtp/parser_test_support.h"
#include "rtc/srtp/srtp_engine.h"
#include "rtc/srtp/srtp_layout.h"

namespace confab::rtc {

inline SrtpMasterKey MasterKeyFromHex(SrtpProfile profile, std::string_view key,
                                      std::string_view salt) {
  SrtpMasterKey master{.profile = profile};
  std::ranges::copy(Hex(key), master.key.begin());
  std::ranges::copy(Hex(salt), master.salt.begin());
  return master;
}

inline SrtpMasterKey SomeMasterKey(SrtpProfile profile, uint8_t seed = 1) {
  SrtpMasterKey master{.profile = profile};
  Prng random(seed);
  random.Fill(master.key);
  random.Fill(master.salt);
  return master;
}

inline Ssrc SsrcOf(SrtpKind kind, BytesView packet) {
  return Ssrc(LoadU32(&packet[kind == SrtpKind::kRtp ? 8 : 4]));
}

// Seals one packet: `plain` is header and payload; the last part of the payload is the body, its
// first `prefix_size` octets the prefix.
inline ByteVector SealOne(SrtpEngine& engine, SrtpKeys& keys, SrtpKind kind, uint64_t index,
                          BytesView plain, size_t header_size, size_t prefix_size = 0) {
  ByteVector out(plain.size() + kMaxSealOverhead, 0xee);
  std::copy_n(plain.begin(), header_size, out.begin());
  SealJob job{.keys = &keys,
              .kind = kind,
              .prefix_size = static_cast<uint8_t>(prefix_size),
              .ssrc = SsrcOf(kind, plain),
              .index = index,
              .out = out,
              .header_size = header_size,
              .body = plain.subspan(header_size + prefix_size)};
  std::copy_n(plain.begin() + static_cast<ptrdiff_t>(header_size), prefix_size, job.prefix.begin());
  engine.Seal({&job, 1});
  out.resize(job.sealed_size);
  return out;
}

// Opens one packet; nullopt when it is refused.
inline std::optional<ByteVector> OpenOne(SrtpEngine& engine, SrtpKeys& keys, SrtpKind kind,
                                         uint64_t index, BytesView sealed, size_t header_size) {
  ExactCopy packet(sealed);
  OpenJob job{.keys = &keys,
              .kind = kind,
              .ssrc = sealed.size() >= 12 ? SsrcOf(kind, sealed) : Ssrc(),
              .index = index,
              .packet = packet.bytes(),
              .header_size = header_size};
  engine.Open({&job, 1});
  if (!job.ok) return std::nullopt;
  const BytesView plain = packet.view().first(job.plain_size);
  return ByteVector(plain.begin(), plain.end());
}

}  // namespace confab::rtc
