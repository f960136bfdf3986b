#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "rtc/stun/stun_types.h"

namespace confab::rtc {

// The transaction ids of the newest authentic checks of one agent. A check authenticates for as
// long as its password is in use, so who has recorded one could send it again from an address of
// its own and have media sent there (RFC 8445 §19.2 speaks of it; short-term credentials have no
// nonce). A peer that comes from a new address has a new id for it (RFC 8489 §6.1).
class IceCheckHistory {
 public:
  // At a browser's pace of 2.5 s the checks of forty minutes.
  static constexpr size_t kRemembered = 1024;

  bool Has(const StunTransactionId& id) const {
    const auto end = numbers_.begin() + static_cast<ptrdiff_t>(size_);
    return std::find(numbers_.begin(), end, NumberOf(id)) != end;
  }
  // The oldest one gives way.
  void Add(const StunTransactionId& id) {
    numbers_[next_] = NumberOf(id);
    next_ = (next_ + 1) % kRemembered;
    size_ = std::max(size_, next_ == 0 ? kRemembered : next_);
  }

 private:
  // Ids are random: of so few these octets are as different as all twelve. A peer whose are not
  // harms itself.
  static uint32_t NumberOf(const StunTransactionId& id) { return LoadU32(id.data()); }

  std::array<uint32_t, kRemembered> numbers_;  // the first size_ of them
  size_t size_ = 0;
  size_t next_ = 0;
};

}  // namespace confab::rtc
