#pragma once

#include <openssl/crypto.h>

#include <array>
#include <cstdint>

#include "rtc/srtp/srtp_engine.h"

namespace confab::rtc {

// What packets of one kind and direction are protected with (RFC 3711 §4.3). Wiped when it goes.
struct SrtpSessionKeys {
  static constexpr size_t kAuthKeySize = 20;

  std::array<uint8_t, 32> cipher_key{};          // the profile's key size of it
  std::array<uint8_t, 14> salt{};                // the profile's salt size of it
  std::array<uint8_t, kAuthKeySize> auth_key{};  // HMAC-SHA1 profiles only

  SrtpSessionKeys() = default;
  SrtpSessionKeys(const SrtpSessionKeys&) = default;
  SrtpSessionKeys& operator=(const SrtpSessionKeys&) = default;
  ~SrtpSessionKeys() {
    OPENSSL_cleanse(cipher_key.data(), cipher_key.size());
    OPENSSL_cleanse(salt.data(), salt.size());
    OPENSSL_cleanse(auth_key.data(), auth_key.size());
  }
};

// AES-CM key derivation with rate 0 (RFC 3711 §4.3.1, §4.3.3; 256-bit master keys: RFC 6188 §3). A
// 96-bit master salt of the GCM profiles is followed by 16 zero bits (RFC 7714 §11).
SrtpSessionKeys DeriveSessionKeys(const SrtpMasterKey& master, SrtpKind kind);

}  // namespace confab::rtc
