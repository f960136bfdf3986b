#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

struct evp_pkey_st;

namespace confab::auth {

// How a token is signed (RFC 7518 §3.1).
enum class Algorithm : uint8_t { kHs256, kEs256, kRs256, kPs256 };
// "HS256", as the header of a token names it.
std::string_view ToString(Algorithm algorithm);

// An elliptic curve key on P-256 in its parts, big-endian (RFC 7518 §6.2).
struct EcParts {
  static constexpr size_t kSize = 32;  // of each
  std::vector<uint8_t> x;
  std::vector<uint8_t> y;
  std::vector<uint8_t> d;  // empty: a public key
};

// A key with the one algorithm that it is for: a token's header cannot choose another. All of
// OpenSSL that tokens need is behind it. Moves; a moved-from one must not be used. No thread of its
// own; const functions are safe from several threads.
class SignatureKey {
 public:
  static constexpr size_t kMinSecretBytes = 32;        // RFC 7518 §3.2: as long as the hash
  static constexpr size_t kMinRsaModulusBytes = 256;   // RFC 7518 §3.3: 2048 bits
  static constexpr size_t kMaxRsaModulusBytes = 1024;  // beyond, a verification takes too long
  static constexpr size_t kMaxRsaExponentBytes = 4;

  // Error: kInvalidConfiguration, with what is wrong with the material.
  static Result<SignatureKey> FromSecret(BytesView secret);
  static Result<SignatureKey> FromEc(const EcParts& parts);
  // `algorithm` is kRs256 or kPs256. Public keys only.
  static Result<SignatureKey> FromRsa(Algorithm algorithm, BytesView modulus, BytesView exponent);
  // A new one on P-256.
  static Result<SignatureKey> MakeEc();

  SignatureKey(SignatureKey&& other) noexcept;
  SignatureKey& operator=(SignatureKey&& other) noexcept;
  ~SignatureKey();

  Algorithm algorithm() const { return algorithm_; }
  bool can_sign() const { return can_sign_; }

  // A signature in JWS' form (RFC 7518 §3). Error kInternal: the key is public, or OpenSSL fails.
  Result<std::vector<uint8_t>> Sign(std::string_view input) const;
  bool Verify(std::string_view input, BytesView signature) const;

  // nullopt: no EC key.
  std::optional<EcParts> Ec() const;

 private:
  struct PkeyDeleter {
    void operator()(evp_pkey_st* key) const;
  };
  using Pkey = std::unique_ptr<evp_pkey_st, PkeyDeleter>;

  explicit SignatureKey(Algorithm algorithm) : algorithm_(algorithm) {}
  std::vector<uint8_t> Mac(std::string_view input) const;
  bool VerifyDigest(std::string_view input, BytesView signature) const;

  Algorithm algorithm_;
  bool can_sign_ = false;
  std::vector<uint8_t> secret_;  // of kHs256
  Pkey key_;                     // of the others
};

}  // namespace confab::auth
