#include "rtc/srtp/srtp_session_keys.h"

#include <algorithm>
#include <span>

#include "base/check.h"
#include "rtc/srtp/openssl_cipher.h"

namespace confab::rtc {
namespace {

// RFC 3711 §4.3.1 and §4.3.2: what a derived key is for.
constexpr uint8_t kEncryptionLabel = 0;
constexpr uint8_t kAuthenticationLabel = 1;
constexpr uint8_t kSaltLabel = 2;
constexpr uint8_t kRtcpLabelOffset = 3;

// The label stands above 48 bits of index DIV rate, which are zero; 14 octets right-aligned.
constexpr size_t kLabelPosition = 7;

// key = AES-CM keystream under the master key, from IV (label XOR salt) * 2^16.
void Derive(EVP_CIPHER_CTX* context, const SrtpMasterKey& master, uint8_t label,
            std::span<uint8_t> key) {
  std::array<uint8_t, 16> iv{};
  std::copy_n(master.salt.begin(), KeySizes(master.profile).salt, iv.begin());
  iv[kLabelPosition] ^= label;
  CHECK(EVP_EncryptInit_ex2(context, nullptr, nullptr, iv.data(), nullptr) == 1);
  std::ranges::fill(key, uint8_t{0});
  int written = 0;
  CHECK(EVP_EncryptUpdate(context, key.data(), &written, key.data(),
                          static_cast<int>(key.size())) == 1);
}

}  // namespace

SrtpSessionKeys DeriveSessionKeys(const SrtpMasterKey& master, SrtpKind kind) {
  const SrtpKeySizes sizes = KeySizes(master.profile);
  const OwnedCipher cipher = FetchCipher(sizes.key == 32 ? "AES-256-CTR" : "AES-128-CTR");
  const OwnedCipherContext context = MakeCipherContext(cipher.get(), master.key.data());
  const uint8_t offset = kind == SrtpKind::kRtcp ? kRtcpLabelOffset : 0;
  const auto label = [offset](uint8_t base) { return static_cast<uint8_t>(base + offset); };

  SrtpSessionKeys keys;
  Derive(context.get(), master, label(kEncryptionLabel),
         std::span(keys.cipher_key).first(sizes.key));
  Derive(context.get(), master, label(kSaltLabel), std::span(keys.salt).first(sizes.salt));
  if (master.profile == SrtpProfile::kAesCm128HmacSha1_80) {
    Derive(context.get(), master, label(kAuthenticationLabel), keys.auth_key);
  }
  return keys;
}

}  // namespace confab::rtc
