#include "rtc/srtp/openssl_cipher.h"

#include "base/check.h"

namespace confab::rtc {

OwnedCipher FetchCipher(const char* name) {
  OwnedCipher cipher(EVP_CIPHER_fetch(nullptr, name, nullptr));
  CHECK(cipher != nullptr);
  return cipher;
}

OwnedCipherContext MakeCipherContext(const EVP_CIPHER* cipher, const uint8_t* key) {
  OwnedCipherContext context(EVP_CIPHER_CTX_new());
  CHECK(context != nullptr);
  CHECK(EVP_EncryptInit_ex2(context.get(), cipher, key, nullptr, nullptr) == 1);
  return context;
}

}  // namespace confab::rtc
