#include "rtc/ice/ice_lite.h"

#include <algorithm>
#include <utility>

namespace confab::rtc {

IceLite::IceLite(Timestamp now, IceCredentials local)
    : IceAgent(IceRole::kControlled, std::move(local)), current_(local_), waiting_since_(now) {
  UpdateTimeout();
}

void IceLite::HandleStun(Timestamp now, const Path& path, BytesView message, IceOutput& output) {
  const auto parsed = checks_.Parse(message);
  if (!parsed) return;
  if (parsed->message_class() != StunClass::kRequest) {
    return checks_.Count(IceDropReason::kUnexpectedResponse);
  }
  HandleRequest(now, path, *parsed, output);
}

void IceLite::HandleRequest(Timestamp now, const Path& path, const StunMessage& request,
                            IceOutput& output) {
  Generation* const generation = request.username() ? FindGeneration(*request.username()) : nullptr;
  StunHmac* const key = generation == nullptr ? nullptr : &generation->hmac;
  if (!checks_.Admit(now, path, request, key, output)) return;
  if (IsPlayedAgain(path, request)) return checks_.Count(IceDropReason::kReplayed);
  Validate(now, path, request, output);
  if (request.use_candidate()) {
    Nominate(now, path, *request.priority(), *generation, output);
  } else {
    generation->nominates_deliberately = true;
  }
  checks_.Answer(path, request, generation->hmac, output);
}

// A repetition comes over the path of the first (RFC 8489 §6.2.1), which is proven by it.
bool IceLite::IsPlayedAgain(const Path& path, const StunMessage& request) {
  const bool is_known = history_.Has(request.transaction_id());
  if (!is_known) history_.Add(request.transaction_id());
  return is_known && !IsValidated(path);
}

// RFC 8445 §7.2.2: the receiver's ufrag, a colon, the sender's. Nobody has told us the sender's.
IceLite::Generation* IceLite::FindGeneration(std::string_view username) {
  const size_t colon = username.find(':');
  if (colon == std::string_view::npos) return nullptr;
  const auto local = username.substr(0, colon);
  if (local == current_.ufrag) return &current_;
  return previous_ && local == previous_->ufrag ? &*previous_ : nullptr;
}

void IceLite::Validate(Timestamp now, const Path& path, const StunMessage& request,
                       IceOutput& output) {
  paths_.Touch(now, path, *request.priority(), selected_);
  waiting_since_ = now;
  if (!selected_) Select(path, output);
  SetConnected(output);
  UpdateTimeout();
}

void IceLite::Nominate(Timestamp now, const Path& path, uint32_t priority,
                       const Generation& generation, IceOutput& output) {
  if (previous_ && &generation == &current_) {
    // The restart is complete: what was nominated before it no longer counts.
    previous_.reset();
    nominated_ = false;
    output.Raise(IceEvent::kCredentialsChanged);
  }
  if (nominated_ && selected_ != path && !MayReplaceSelected(now, priority, generation)) return;
  nominated_ = true;
  Select(path, output);
}

bool IceLite::MayReplaceSelected(Timestamp now, uint32_t priority,
                                 const Generation& generation) const {
  const IcePath* const selected = selected_ ? paths_.Find(*selected_) : nullptr;
  return selected == nullptr || generation.nominates_deliberately ||
         now - selected->last_check >= kNominationStale || priority > selected->priority;
}

void IceLite::ReselectIfGone(IceOutput& output) {
  if (!selected_ || IsValidated(*selected_)) return;
  nominated_ = false;
  const IcePath* const freshest = paths_.Freshest();
  Select(freshest == nullptr ? std::nullopt : std::optional(freshest->path), output);
}

void IceLite::Restart(IceCredentials local, IceOutput& output) {
  // A generation that nobody has answered yet is replaced; the one in use stays.
  if (!previous_) previous_.emplace(std::move(current_));
  local_ = std::move(local);
  current_ = Generation(local_);
  output.Raise(IceEvent::kCredentialsChanged);
}

void IceLite::ForgetLocalSocket(LocalSocket local, IceOutput& output) {
  paths_.RemoveLocal(local);
  ReselectIfGone(output);
  UpdateTimeout();
}

void IceLite::UpdateTimeout() {
  next_timeout_ = state_ == IceState::kDisconnected
                      ? Timestamp::Never()
                      : std::min(paths_.OldestCheck(), waiting_since_) + kInactivityTimeout;
}

void IceLite::HandleTimeout(Timestamp now, IceOutput& output) {
  if (now < NextTimeout()) return;
  // A path whose last check was exactly kInactivityTimeout ago is gone.
  paths_.RemoveOlderThan(now - kInactivityTimeout + TimeDelta::Micros(1));
  ReselectIfGone(output);
  if (now - waiting_since_ >= kInactivityTimeout) {
    state_ = IceState::kDisconnected;
    output.Raise(IceEvent::kDisconnected);
  }
  UpdateTimeout();
}

std::vector<std::string_view> IceLite::ufrags() const {
  std::vector<std::string_view> all = {current_.ufrag};
  if (previous_) all.emplace_back(previous_->ufrag);
  return all;
}

}  // namespace confab::rtc
