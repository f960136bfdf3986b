#include "sim/invariant/checked_engine.h"

namespace confab::sim {

class CheckedEngine::Keys final : public rtc::SrtpKeys {
 public:
  Keys(std::unique_ptr<rtc::SrtpKeys> inner, SealedOnce::Key& used)
      : inner_(std::move(inner)), used_(&used) {}
  rtc::SrtpProfile profile() const override { return inner_->profile(); }
  rtc::SrtpKeys* inner() const { return inner_.get(); }
  SealedOnce::Key& used() const { return *used_; }

 private:
  std::unique_ptr<rtc::SrtpKeys> inner_;
  SealedOnce::Key* used_;
};

std::unique_ptr<rtc::SrtpKeys> CheckedEngine::PrepareKeys(const rtc::SrtpMasterKey& master) {
  return std::make_unique<Keys>(engine_->PrepareKeys(master), sealed_->KeyOf(master));
}

void CheckedEngine::Open(std::span<rtc::OpenJob> jobs) {
  outer_.clear();
  for (rtc::OpenJob& job : jobs) {
    outer_.push_back(job.keys);
    job.keys = static_cast<Keys*>(job.keys)->inner();
  }
  engine_->Open(jobs);
  for (size_t i = 0; i < jobs.size(); ++i) {
    const rtc::OpenJob& job = jobs[i];
    jobs[i].keys = outer_[i];
    if (opened_ == nullptr || !job.ok || job.kind != rtc::SrtpKind::kRtp) continue;
    opened_->OnOpened(
        job.ssrc, static_cast<uint16_t>(job.index),
        BytesView(job.packet).subspan(job.header_size, job.plain_size - job.header_size));
  }
}

void CheckedEngine::Seal(std::span<rtc::SealJob> jobs) {
  outer_.clear();
  for (rtc::SealJob& job : jobs) {
    outer_.push_back(job.keys);
    const auto* keys = static_cast<Keys*>(job.keys);
    sealed_->OnSeal(keys->used(), job);
    job.keys = keys->inner();
  }
  engine_->Seal(jobs);
  for (size_t i = 0; i < jobs.size(); ++i) jobs[i].keys = outer_[i];
}

}  // namespace confab::sim
