#pragma once

#include "rtc/srtp/evp_srtp_keys.h"

namespace confab::rtc {

// No keys: RTP and RTCP go over the wire as they are, with nothing added. For plain transports that
// were asked for without SRTP. Every packet that is long enough opens.
class ClearKeys final : public EvpSrtpKeys {
 public:
  SrtpProfile profile() const override { return SrtpProfile::kClear; }
  void Open(OpenJob& job) override;
  void Seal(SealJob& job) override;
};

}  // namespace confab::rtc
