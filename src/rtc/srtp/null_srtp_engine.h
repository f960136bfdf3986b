#pragma once

#include <memory>

#include "rtc/srtp/srtp_engine.h"

namespace confab::rtc {

// Encrypts nothing: for the simulator. Packets have the same sizes and the same layout as with a
// real engine. The tag is a checksum over master key, ssrc, index and bytes, so a corrupted packet,
// a wrong key or a wrong roll-over counter is noticed as it would be in earnest. Never protects
// anything.
class NullSrtpEngine final : public SrtpEngine {
 public:
  std::unique_ptr<SrtpKeys> PrepareKeys(const SrtpMasterKey& master) override;
  void Open(std::span<OpenJob> jobs) override;
  void Seal(std::span<SealJob> jobs) override;
};

}  // namespace confab::rtc
