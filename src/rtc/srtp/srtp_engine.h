#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "base/bytes.h"
#include "rtc/types.h"

namespace confab::rtc {

// DTLS-SRTP protection profiles (RFC 5764 §4.1.2, RFC 7714 §14.2), in wire numbers; and none at
// all: RTP and RTCP as they are, for plain transports. DTLS never negotiates that.
enum class SrtpProfile : uint16_t {
  kClear = 0x0000,
  kAesCm128HmacSha1_80 = 0x0001,
  kAeadAes128Gcm = 0x0007,
  kAeadAes256Gcm = 0x0008,
};

// Octets of master key and master salt for a profile.
struct SrtpKeySizes {
  size_t key;
  size_t salt;
};
constexpr SrtpKeySizes KeySizes(SrtpProfile profile) {
  switch (profile) {
    case SrtpProfile::kClear: return {0, 0};
    case SrtpProfile::kAesCm128HmacSha1_80: return {16, 14};
    case SrtpProfile::kAeadAes128Gcm: return {16, 12};
    case SrtpProfile::kAeadAes256Gcm: return {32, 12};
  }
  return {0, 0};
}

// The most that sealing adds to a packet: 16 octets of GCM tag or 10 of HMAC, and for SRTCP 4 more
// for the E flag and index (RFC 3711 §3.4, RFC 7714 §9).
inline constexpr size_t kMaxSealOverhead = 20;

// Master key and salt of one direction, as DTLS exports them (RFC 5764 §4.2).
struct SrtpMasterKey {
  SrtpProfile profile = SrtpProfile::kAeadAes128Gcm;
  std::array<uint8_t, 32> key{};
  std::array<uint8_t, 14> salt{};
};

enum class SrtpKind : uint8_t { kRtp, kRtcp };

// Session keys of one direction, prepared by the engine that made them and usable only with it. For
// every ssrc of that direction: indices and replay windows live elsewhere.
class SrtpKeys {
 public:
  virtual ~SrtpKeys() = default;
  virtual SrtpProfile profile() const = 0;
};

// One packet to authenticate and decrypt in place. The caller fills the first part, Open the
// second.
struct OpenJob {
  SrtpKeys* keys = nullptr;  // not owned; outlives the batch
  SrtpKind kind = SrtpKind::kRtp;
  Ssrc ssrc;
  // RTP: 48-bit packet index, ROC << 16 | SEQ (RFC 3711 §3.3.1). RTCP: 31-bit SRTCP index.
  uint64_t index = 0;
  // The whole protected packet. For RTCP the E flag and index are still at its end.
  MutableBytes packet;
  // Octets that are authenticated but not encrypted: the RTP header with CSRCs and extension, or 8
  // for RTCP.
  size_t header_size = 0;
  uint32_t user = 0;  // the caller's, untouched

  bool ok = false;        // authenticated; if false the bytes are garbage
  size_t plain_size = 0;  // of the opened packet, from packet.data()
};

// One packet to encrypt straight into its send slot. The header stands in `out` already; the
// payload is `prefix` (rewritten codec descriptor or RTX original sequence number) followed by
// `body`, which is the received packet's memory and is only read.
struct SealJob {
  static constexpr size_t kMaxPrefix = 16;

  SrtpKeys* keys = nullptr;  // not owned; outlives the batch
  SrtpKind kind = SrtpKind::kRtp;
  uint8_t prefix_size = 0;
  std::array<uint8_t, kMaxPrefix> prefix{};
  Ssrc ssrc;
  uint64_t index = 0;  // as in OpenJob; never the same twice for one (keys, ssrc, kind)
  // Starts with header_size octets of plain header; has room for header, prefix, body and
  // kMaxSealOverhead.
  MutableBytes out;
  size_t header_size = 0;
  BytesView body;
  uint32_t user = 0;  // the caller's, untouched

  size_t sealed_size = 0;  // set by Seal: octets to send from out.data()
};

// Opens and seals batches for all sessions of a worker. One engine belongs to one thread.
// Implementations give the same bytes (RFC 3711, RFC 7714 vectors).
class SrtpEngine {
 public:
  virtual ~SrtpEngine() = default;
  // Derives the session keys (RFC 3711 §4.3, key derivation rate 0).
  virtual std::unique_ptr<SrtpKeys> PrepareKeys(const SrtpMasterKey& master) = 0;
  // Jobs are independent; each one's `ok` tells whether it opened.
  virtual void Open(std::span<OpenJob> jobs) = 0;
  // Cannot fail: the caller guarantees sizes (CHECKed).
  virtual void Seal(std::span<SealJob> jobs) = 0;
};

}  // namespace confab::rtc
