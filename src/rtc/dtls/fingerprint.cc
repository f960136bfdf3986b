#include "rtc/dtls/fingerprint.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cctype>

namespace confab::rtc {
namespace {

constexpr std::array kAlgorithms = {FingerprintAlgorithm::kSha256, FingerprintAlgorithm::kSha384,
                                    FingerprintAlgorithm::kSha512};

constexpr size_t SizeOf(FingerprintAlgorithm algorithm) {
  switch (algorithm) {
    case FingerprintAlgorithm::kSha256: return 32;
    case FingerprintAlgorithm::kSha384: return 48;
    case FingerprintAlgorithm::kSha512: return 64;
  }
  return 0;
}

const EVP_MD* DigestOf(FingerprintAlgorithm algorithm) {
  switch (algorithm) {
    case FingerprintAlgorithm::kSha256: return EVP_sha256();
    case FingerprintAlgorithm::kSha384: return EVP_sha384();
    case FingerprintAlgorithm::kSha512: return EVP_sha512();
  }
  return nullptr;
}

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

std::optional<uint8_t> Nibble(char c) {
  if (c >= '0' && c <= '9') return static_cast<uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

std::string_view ToString(FingerprintAlgorithm algorithm) {
  switch (algorithm) {
    case FingerprintAlgorithm::kSha256: return "sha-256";
    case FingerprintAlgorithm::kSha384: return "sha-384";
    case FingerprintAlgorithm::kSha512: return "sha-512";
  }
  return "";
}

std::optional<Fingerprint> Fingerprint::Parse(std::string_view algorithm, std::string_view value) {
  const auto known = std::ranges::find_if(kAlgorithms, [&](FingerprintAlgorithm a) {
    return EqualIgnoringCase(ToString(a), algorithm);
  });
  if (known == kAlgorithms.end()) return std::nullopt;
  Fingerprint fingerprint{.algorithm = *known, .size = SizeOf(*known)};
  if (value.size() != fingerprint.size * 3 - 1) return std::nullopt;
  for (size_t i = 0; i < fingerprint.size; ++i) {
    const auto high = Nibble(value[i * 3]);
    const auto low = Nibble(value[i * 3 + 1]);
    const bool separated = i + 1 == fingerprint.size || value[i * 3 + 2] == ':';
    if (!high || !low || !separated) return std::nullopt;
    fingerprint.bytes[i] = static_cast<uint8_t>(*high << 4 | *low);
  }
  return fingerprint;
}

std::optional<Fingerprint> Fingerprint::Of(const x509_st* certificate,
                                           FingerprintAlgorithm algorithm) {
  Fingerprint fingerprint{.algorithm = algorithm, .size = SizeOf(algorithm)};
  unsigned int size = 0;
  static_assert(sizeof(fingerprint.bytes) >= EVP_MAX_MD_SIZE);
  if (X509_digest(certificate, DigestOf(algorithm), fingerprint.bytes.data(), &size) != 1 ||
      size != fingerprint.size) {
    return std::nullopt;
  }
  return fingerprint;
}

std::string Fingerprint::ValueToString() const {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  text.reserve(size * 3);
  for (const uint8_t byte : view()) {
    if (!text.empty()) text.push_back(':');
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 0xf]);
  }
  return text;
}

}  // namespace confab::rtc
