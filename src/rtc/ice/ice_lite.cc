#include "rtc/ice/ice_lite.h"

#include <algorithm>
#include <utility>

#include "rtc/stun/stun_writer.h"

namespace confab::rtc {

IceLite::IceLite(Timestamp now, IceCredentials local)
    : current_(std::move(local)), waiting_since_(now) {}

void IceLite::SetRemoteCredentials(const IceCredentials& remote) {
  current_.remote_ufrag = remote.ufrag;
}

void IceLite::HandleStun(Timestamp now, const Path& path, BytesView message, IceOutput& output) {
  const auto parsed = StunMessage::Parse(message);
  if (!parsed) return Count(IceDropReason::kMalformed);
  if (parsed->has_fingerprint() && !parsed->VerifyFingerprint()) {
    return Count(IceDropReason::kBadFingerprint);
  }
  // RFC 8489 §6.3: an unknown method or class is discarded silently.
  if (!parsed->is_binding()) return Count(IceDropReason::kUnknownMethod);
  switch (parsed->message_class()) {
    case StunClass::kRequest: return HandleRequest(now, path, *parsed, output);
    case StunClass::kIndication: return Count(IceDropReason::kIndication);
    case StunClass::kSuccessResponse:
    case StunClass::kErrorResponse: return Count(IceDropReason::kUnexpectedResponse);
  }
}

// RFC 8489 §9.1.3, in its order.
void IceLite::HandleRequest(Timestamp now, const Path& path, const StunMessage& request,
                            IceOutput& output) {
  if (!request.username() || !request.has_integrity()) {
    Count(IceDropReason::kMissingCredentials);
    return Refuse(path, request, StunError::kBadRequest, nullptr, output);
  }
  Generation* const generation = FindGeneration(*request.username());
  if (generation == nullptr) {
    Count(IceDropReason::kUnknownUsername);
    return Refuse(path, request, StunError::kUnauthenticated, nullptr, output);
  }
  if (!request.VerifyIntegrity(generation->hmac)) {
    Count(IceDropReason::kBadIntegrity);
    return Refuse(path, request, StunError::kUnauthenticated, nullptr, output);
  }
  HandleAuthenticated(now, path, request, *generation, output);
}

// RFC 8445 §7.2.2: the receiver's ufrag, a colon, the sender's.
IceLite::Generation* IceLite::FindGeneration(std::string_view username) {
  const size_t colon = username.find(':');
  if (colon == std::string_view::npos) return nullptr;
  const auto local = username.substr(0, colon);
  const auto remote = username.substr(colon + 1);
  const auto matches = [&](const Generation& generation) {
    return generation.local.ufrag == local &&
           (generation.remote_ufrag.empty() || generation.remote_ufrag == remote);
  };
  if (matches(current_)) return &current_;
  return previous_ && matches(*previous_) ? &*previous_ : nullptr;
}

void IceLite::HandleAuthenticated(Timestamp now, const Path& path, const StunMessage& request,
                                  Generation& generation, IceOutput& output) {
  if (!request.unknown_required().empty()) {
    Count(IceDropReason::kUnknownAttributes);
    return Refuse(path, request, StunError::kUnknownAttribute, &generation.hmac, output);
  }
  // RFC 8445 §7.1.1: a check carries PRIORITY.
  if (!request.priority()) {
    Count(IceDropReason::kMissingPriority);
    return Refuse(path, request, StunError::kBadRequest, &generation.hmac, output);
  }
  // DEVIATION: RFC 8445 §7.3.1.1 lets the agent with the larger tie-breaker change its role. A lite
  // agent sends no checks and so cannot nominate: it never becomes controlling.
  if (request.ice_controlled()) {
    Count(IceDropReason::kRoleConflict);
    return Refuse(path, request, StunError::kRoleConflict, &generation.hmac, output);
  }
  Validate(now, path, request, output);
  if (request.use_candidate()) {
    Nominate(now, path, *request.priority(), generation, output);
  } else {
    generation.nominates_deliberately = true;
  }
  Answer(path, request, generation.hmac, output);
}

void IceLite::Validate(Timestamp now, const Path& path, const StunMessage& request,
                       IceOutput& output) {
  paths_.Touch(now, path, *request.priority(), selected_);
  waiting_since_ = now;
  if (!selected_) Select(path, output);
  if (state_ != IceState::kConnected) {
    state_ = IceState::kConnected;
    output.Raise(IceEvent::kConnected);
  }
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

void IceLite::Select(const std::optional<Path>& path, IceOutput& output) {
  if (selected_ == path) return;
  selected_ = path;
  output.Raise(IceEvent::kSelectedChanged);
}

void IceLite::ReselectIfGone(IceOutput& output) {
  if (!selected_ || IsValidated(*selected_)) return;
  nominated_ = false;
  const IcePath* const freshest = paths_.Freshest();
  Select(freshest == nullptr ? std::nullopt : std::optional(freshest->path), output);
}

void IceLite::Restart(IceCredentials local, IceOutput& output) {
  Generation next(std::move(local));
  // A generation that nobody has answered yet is replaced; the one in use stays.
  if (!previous_) previous_.emplace(std::move(current_));
  current_ = std::move(next);
  output.Raise(IceEvent::kCredentialsChanged);
}

void IceLite::ForgetLocalSocket(LocalSocket local, IceOutput& output) {
  paths_.RemoveLocal(local);
  ReselectIfGone(output);
}

Timestamp IceLite::NextTimeout() const {
  if (state_ == IceState::kDisconnected) return Timestamp::Never();
  return std::min(paths_.OldestCheck(), waiting_since_) + kInactivityTimeout;
}

void IceLite::HandleTimeout(Timestamp now, IceOutput& output) {
  if (now < NextTimeout()) return;
  // A path whose last check was exactly kInactivityTimeout ago is gone.
  paths_.RemoveOlderThan(now - kInactivityTimeout + TimeDelta::Micros(1));
  ReselectIfGone(output);
  if (now - waiting_since_ < kInactivityTimeout) return;
  state_ = IceState::kDisconnected;
  output.Raise(IceEvent::kDisconnected);
}

std::vector<std::string_view> IceLite::ufrags() const {
  std::vector<std::string_view> all = {current_.local.ufrag};
  if (previous_) all.emplace_back(previous_->local.ufrag);
  return all;
}

void IceLite::Answer(const Path& path, const StunMessage& request, StunHmac& key,
                     IceOutput& output) {
  const MutableBytes room = output.datagrams().Reserve(path, kMaxStunMessageSize);
  if (room.empty()) return Count(IceDropReason::kSinkFull);
  StunWriter writer(room, StunClass::kSuccessResponse, request.transaction_id());
  writer.AddXorMappedAddress(path.remote);
  writer.AddIntegrity(key);
  writer.AddFingerprint();
  output.datagrams().Commit(writer.size());
  ++answered_;
}

// `key` is null for what did not authenticate. Such an answer has no reason phrase: it is never
// longer than the request, so a forged source address gains nothing.
void IceLite::Refuse(const Path& path, const StunMessage& request, StunError error, StunHmac* key,
                     IceOutput& output) {
  const MutableBytes room = output.datagrams().Reserve(path, kMaxStunMessageSize);
  if (room.empty()) return Count(IceDropReason::kSinkFull);
  StunWriter writer(room, StunClass::kErrorResponse, request.transaction_id());
  writer.AddErrorCode(error, key == nullptr ? "" : ReasonPhrase(error));
  if (error == StunError::kUnknownAttribute) {
    writer.AddUnknownAttributes(request.unknown_required());
  }
  if (key != nullptr) writer.AddIntegrity(*key);
  writer.AddFingerprint();
  const bool amplifies = key == nullptr && writer.size() > request.bytes().size();
  output.datagrams().Commit(amplifies ? 0 : writer.size());
}

}  // namespace confab::rtc
