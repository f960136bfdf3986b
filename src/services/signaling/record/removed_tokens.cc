#include "services/signaling/record/removed_tokens.h"

#include <utility>

#include "auth/revocations.h"
#include "backends/store/unix_micros.h"

namespace confab::signaling {
namespace {

asio::awaitable<store::StoreResult<void>> Write(store::Store& store, store::RevocationRow row) {
  return store.revocations().Revoke(std::move(row));
}

}  // namespace

void RemovedTokens::Revoke(std::string_view room, ParticipantId participant, int64_t now_s) {
  const std::string subject = auth::ResumeSubject(room, participant.ToString());
  const int64_t expires_at_s = now_s + authority_.longest_resume_s();
  authority_.Revoke(subject, expires_at_s, now_s);
  if (store_ == nullptr) return;
  store::RevocationRow row{.subject = subject,
                           .expires_at_us = expires_at_s * store::kMicrosPerSecond};
  behind_.Add([&store = *store_, row = std::move(row)] { return Write(store, row); });
}

}  // namespace confab::signaling
