#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace confab::auth {

// The two forms of an ECDSA signature over P-256: R and S as 32 octets each, which JWS carries
// (RFC 7518 §3.4), and ASN.1's DER, which OpenSSL speaks. nullopt: anything else.
std::optional<std::vector<uint8_t>> EcdsaFromDer(BytesView der);
std::optional<std::vector<uint8_t>> EcdsaToDer(BytesView r_and_s);

}  // namespace confab::auth
