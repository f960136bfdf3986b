#pragma once

#include <memory>

#include "rtc/srtp/srtp_engine.h"

namespace confab::rtc {

struct EvpSrtpCiphers;
struct SrtpSessionKeys;

// SRTP over OpenSSL's EVP: the portable path. Ciphers are fetched once per engine and every
// SrtpKeys keeps its cipher contexts, so that a packet costs an IV reset and no allocation.
//
// Job rules beyond those of SrtpEngine: a body may lie exactly where its sealed form goes
// (out.data() + header_size, without a prefix), but must not overlap `out` in any other way.
class EvpSrtpEngine final : public SrtpEngine {
 public:
  EvpSrtpEngine();
  ~EvpSrtpEngine() override;
  EvpSrtpEngine(const EvpSrtpEngine&) = delete;
  EvpSrtpEngine& operator=(const EvpSrtpEngine&) = delete;

  std::unique_ptr<SrtpKeys> PrepareKeys(const SrtpMasterKey& master) override;
  // The same from session keys that were derived elsewhere; not for kClear, which has none.
  std::unique_ptr<SrtpKeys> AdoptSessionKeys(SrtpProfile profile, const SrtpSessionKeys& rtp,
                                             const SrtpSessionKeys& rtcp);
  void Open(std::span<OpenJob> jobs) override;
  void Seal(std::span<SealJob> jobs) override;

 private:
  std::unique_ptr<EvpSrtpCiphers> ciphers_;
};

}  // namespace confab::rtc
