#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

struct x509_st;

namespace confab::rtc {

// Hash functions of RFC 8122 §5 that are accepted, weakest first. SHA-1 and MD5 are not.
enum class FingerprintAlgorithm : uint8_t { kSha256, kSha384, kSha512 };

// "sha-256", "sha-384", "sha-512".
std::string_view ToString(FingerprintAlgorithm algorithm);

// Hash of a certificate's DER form (RFC 8122 §5). A value; `size` octets of `bytes` count.
struct Fingerprint {
  FingerprintAlgorithm algorithm = FingerprintAlgorithm::kSha256;
  size_t size = 0;
  std::array<uint8_t, 64> bytes{};

  // `algorithm` as in SDP, in any case; `value` is upper- or lower-case hex with colons, of exactly
  // the hash's size. nullopt for anything else, an unknown algorithm included: of several
  // fingerprints a peer gives, the unknown ones may be skipped.
  static std::optional<Fingerprint> Parse(std::string_view algorithm, std::string_view value);
  // nullopt only if OpenSSL fails.
  static std::optional<Fingerprint> Of(const x509_st* certificate, FingerprintAlgorithm algorithm);

  BytesView view() const { return BytesView(bytes).first(size); }
  // "AA:BB:…", upper case (RFC 8122 §5).
  std::string ValueToString() const;
  bool operator==(const Fingerprint&) const = default;
};

}  // namespace confab::rtc
