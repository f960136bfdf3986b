#pragma once

#include <cstdint>
#include <set>
#include <tuple>

#include "rtc/srtp/null_srtp_engine.h"

namespace confab::fuzz {

// SRTP without cryptography: a packet of any bytes is authentic, so that changed RTP and RTCP reach
// what lies behind authentication; only a tag that ends in kForged is refused. And the guard of
// what matters most in sending: a (keys, kind, ssrc, index) that is sealed twice is a CHECK.
class OneSealEngine final : public rtc::SrtpEngine {
 public:
  static constexpr uint8_t kForged = 0xff;

  std::unique_ptr<rtc::SrtpKeys> PrepareKeys(const rtc::SrtpMasterKey& master) override;
  void Open(std::span<rtc::OpenJob> jobs) override;
  void Seal(std::span<rtc::SealJob> jobs) override;

 private:
  using Sealed = std::tuple<const rtc::SrtpKeys*, rtc::SrtpKind, rtc::Ssrc, uint64_t>;

  rtc::NullSrtpEngine null_;
  std::set<Sealed> sealed_;
};

}  // namespace confab::fuzz
