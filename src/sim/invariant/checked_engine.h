#pragma once

#include <memory>
#include <vector>

#include "rtc/srtp/srtp_engine.h"
#include "sim/invariant/sealed_once.h"

namespace confab::sim {

// Hears what the server's sessions have authenticated.
class OpenObserver {
 public:
  virtual ~OpenObserver() = default;
  virtual void OnOpened(rtc::Ssrc ssrc, uint16_t sequence, BytesView payload) = 0;
};

// An engine that does what another does and tells of it: of every packet before it is sealed, and of
// every RTP packet once it is opened. All of them outlive it.
class CheckedEngine final : public rtc::SrtpEngine {
 public:
  // `opened` may be null.
  CheckedEngine(rtc::SrtpEngine& engine, SealedOnce& sealed, OpenObserver* opened)
      : engine_(&engine), sealed_(&sealed), opened_(opened) {}

  std::unique_ptr<rtc::SrtpKeys> PrepareKeys(const rtc::SrtpMasterKey& master) override;
  void Open(std::span<rtc::OpenJob> jobs) override;
  void Seal(std::span<rtc::SealJob> jobs) override;

 private:
  class Keys;

  rtc::SrtpEngine* engine_;
  SealedOnce* sealed_;
  OpenObserver* opened_;
  std::vector<rtc::SrtpKeys*> outer_;  // while the inner engine works
};

}  // namespace confab::sim
