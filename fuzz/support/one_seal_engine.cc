#include "fuzz/support/one_seal_engine.h"

#include "base/check.h"
#include "rtc/srtp/srtp_packet_parts.h"

namespace confab::fuzz {

std::unique_ptr<rtc::SrtpKeys> OneSealEngine::PrepareKeys(const rtc::SrtpMasterKey& master) {
  return null_.PrepareKeys(master);
}

void OneSealEngine::Open(std::span<rtc::OpenJob> jobs) {
  for (rtc::OpenJob& job : jobs) {
    const auto parts = rtc::SplitForOpen(job.keys->profile(), job);
    job.ok = parts && (parts->tag.empty() || parts->tag.back() != kForged);
    if (job.ok) job.plain_size = parts->plain_size();
  }
}

void OneSealEngine::Seal(std::span<rtc::SealJob> jobs) {
  for (const rtc::SealJob& job : jobs) {
    const bool first = sealed_.insert({job.keys, job.kind, job.ssrc, job.index}).second;
    CHECK(first);
  }
  null_.Seal(jobs);
}

}  // namespace confab::fuzz
