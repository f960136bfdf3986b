#pragma once

#include "rtc/srtp/srtp_engine.h"

namespace confab::rtc {

// Keys that know how to open and seal a packet: one class for each family of profiles.
class EvpSrtpKeys : public SrtpKeys {
 public:
  // Sets ok and plain_size.
  virtual void Open(OpenJob& job) = 0;
  // Sets sealed_size.
  virtual void Seal(SealJob& job) = 0;
};

}  // namespace confab::rtc
