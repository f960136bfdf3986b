#pragma once

#include <array>
#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "rtc/stun/stun_types.h"

struct evp_mac_ctx_st;

namespace confab::rtc {

using StunDigest = std::array<uint8_t, kStunIntegritySize>;

// HMAC-SHA1 with one short-term password (RFC 8489 §9.1.1), set up once and used for every message.
// Movable; one thread at a time.
class StunHmac {
 public:
  explicit StunHmac(std::string_view password);

  // MESSAGE-INTEGRITY over a message that is `covered` up to but not including that attribute,
  // calculated with the header's length field as if the message ended right after it (RFC 8489
  // §14.5). `covered` is at least a header.
  StunDigest Digest(BytesView covered);

 private:
  struct Free {
    void operator()(evp_mac_ctx_st* context) const;
  };
  std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

}  // namespace confab::rtc
