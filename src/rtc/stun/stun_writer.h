#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/socket_address.h"
#include "rtc/stun/stun_hmac.h"
#include "rtc/stun/stun_types.h"

namespace confab::rtc {

// Builds one Binding message in a caller's buffer (RFC 8489 §5, §14). Attributes stand in the order
// of the calls; AddIntegrity then AddFingerprint come last. What does not fit makes size() 0.
class StunWriter {
 public:
  StunWriter(MutableBytes buffer, StunClass message_class, const StunTransactionId& id);

  void AddUsername(std::string_view username);
  void AddPriority(uint32_t priority);
  void AddUseCandidate();
  void AddIceControlled(uint64_t tie_breaker);
  void AddIceControlling(uint64_t tie_breaker);
  void AddSoftware(std::string_view name);
  void AddXorMappedAddress(const SocketAddress& address);
  void AddErrorCode(StunError code, std::string_view reason);
  void AddUnknownAttributes(std::span<const uint16_t> types);
  // Any attribute, value as given.
  void AddRaw(uint16_t type, BytesView value);
  void AddIntegrity(StunHmac& key);
  void AddFingerprint();

  // Octets of the finished message; 0 if the buffer was too small.
  size_t size() const { return writer_.ok() ? writer_.size() : 0; }

 private:
  void AddHeader(StunAttribute type, size_t size);
  void AddU64(StunAttribute type, uint64_t value);
  void AddPadding(size_t size);
  void StoreLength(size_t message_size);

  ByteWriter writer_;
  StunTransactionId id_;
};

}  // namespace confab::rtc
