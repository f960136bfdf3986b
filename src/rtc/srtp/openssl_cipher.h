#pragma once

#include <openssl/evp.h>

#include <memory>

namespace confab::rtc {

struct FreeCipher {
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
};
struct FreeCipherContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

using OwnedCipher = std::unique_ptr<EVP_CIPHER, FreeCipher>;
using OwnedCipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipherContext>;

// A cipher by its OpenSSL name ("AES-128-GCM"). Slow: keep what it returns. CHECKs that this
// OpenSSL has it.
OwnedCipher FetchCipher(const char* name);

// A context with `key` set and no IV yet. It keeps a reference to the cipher of its own.
OwnedCipherContext MakeCipherContext(const EVP_CIPHER* cipher, const uint8_t* key);

}  // namespace confab::rtc
