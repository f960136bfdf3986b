#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "rtc/srtp/srtp_engine.h"

namespace confab::rtc {

// RFC 5763 §5: "active" is the client. Towards clients that leave it open ("auto"), confab is the
// server.
enum class DtlsRole : uint8_t { kServer, kClient };

enum class DtlsState : uint8_t { kNew, kConnecting, kConnected, kFailed, kClosed };

constexpr std::string_view ToString(DtlsState state) {
  switch (state) {
    case DtlsState::kNew: return "new";
    case DtlsState::kConnecting: return "connecting";
    case DtlsState::kConnected: return "connected";
    case DtlsState::kFailed: return "failed";
    case DtlsState::kClosed: return "closed";
  }
  return "unknown";
}

// Why the state is kFailed or kClosed.
enum class DtlsReason : uint8_t {
  kNone,
  kHandshake,            // the handshake went wrong: no common cipher, bad message, peer's alert
  kFingerprintMismatch,  // the peer's certificate is not the announced one
  kNoSrtpProfile,        // no common SRTP protection profile
  kTimeout,              // kHandshakeTimeout has passed
  kInternal,             // OpenSSL could not be set up
  kClosedByPeer,         // close_notify
  kClosedByUs,           // Close()
};

// What a call changed.
enum class DtlsEvent : uint8_t { kNone, kConnected, kFailed, kClosed };

// The SSL object (about 50 KB) after the handshake.
enum class DtlsAfterHandshake : uint8_t {
  kFree,  // media only: close_notify is neither sent nor understood
  kKeep,  // data channels will need it; close_notify works both ways
};

// Keys of both directions (RFC 5764 §4.2), of one profile.
struct SrtpSession {
  SrtpMasterKey local;   // for what we send
  SrtpMasterKey remote;  // for what the peer sends
};

struct DtlsOptions {
  DtlsRole role = DtlsRole::kServer;
  DtlsAfterHandshake after_handshake = DtlsAfterHandshake::kFree;
  // Most wanted first; as the server our order wins. Not empty.
  std::vector<SrtpProfile> profiles = {SrtpProfile::kAeadAes128Gcm, SrtpProfile::kAeadAes256Gcm,
                                       SrtpProfile::kAesCm128HmacSha1_80};
  // Octets of the longest datagram we send. OpenSSL takes 256 at least.
  size_t mtu = 1200;
};

}  // namespace confab::rtc
