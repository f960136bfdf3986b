#include "sim/invariant/sealed_once.h"

#include <fmt/format.h>

namespace confab::sim {

SealedOnce::Key& SealedOnce::KeyOf(const rtc::SrtpMasterKey& master) {
  return keys_[{master.key, master.salt}];
}

void SealedOnce::OnSeal(Key& key, const rtc::SealJob& job) {
  if (key.Insert(job)) return;
  Break(fmt::format("{} index {} of ssrc {} was sealed twice with one key",
                    job.kind == rtc::SrtpKind::kRtp ? "SRTP" : "SRTCP", job.index,
                    job.ssrc.value()));
}

bool SealedOnce::Key::Insert(const rtc::SealJob& job) {
  const std::pair name(job.kind, job.ssrc);
  if (last_ == nullptr || name != last_name_) {
    last_ = &sealed_[name];
    last_name_ = name;
  }
  return last_->Insert(job.index);
}

}  // namespace confab::sim
