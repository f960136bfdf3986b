#include "rtc/ice/ice_controlling.h"

#include <algorithm>
#include <utility>

#include "rtc/stun/stun_writer.h"

namespace confab::rtc {

// RFC 8445 §7.2.2: the receiver's ufrag, a colon, the sender's.
IceControlling::Remote::Remote(IceCredentials remote, std::string_view local_ufrag)
    : credentials(std::move(remote)),
      username(credentials.ufrag + ":" + std::string(local_ufrag)),
      hmac(credentials.password) {}

IceControlling::IceControlling(Timestamp now, IceCredentials local, RandomSource& random)
    : IceAgent(IceRole::kControlling, std::move(local)),
      random_(&random),
      tie_breaker_(random.U64()),
      give_up_at_(now + IceConsent::kTimeout) {
  UpdateTimeout();
}

void IceControlling::SetRemote(Timestamp now, IceCredentials remote,
                               std::span<const Path> candidates, IceOutput& output) {
  const bool same = remote_ && remote_->credentials == remote;
  if (same && selected_ && !previous_) return;
  if (!same) {
    // The path in use stays under the credentials that it was validated with.
    if (remote_ && selected_ && !previous_) previous_ = std::move(remote_);
    remote_.emplace(std::move(remote), local_.ufrag);
    list_.Clear();
    nomination_.reset();
  }
  list_.Add(candidates);
  if (state_ == IceState::kDisconnected) state_ = IceState::kNew;
  const bool waits = !selected_ && !list_.running();
  give_up_at_ = waits ? now + IceConsent::kTimeout : Timestamp::Never();
  CheckPairs(now, output);
  UpdateTimeout();
}

void IceControlling::HandleStun(Timestamp now, const Path& path, BytesView message,
                                IceOutput& output) {
  const auto parsed = checks_.Parse(message);
  if (!parsed) return;
  if (parsed->message_class() == StunClass::kRequest)
    return HandleRequest(now, path, *parsed, output);
  HandleResponse(now, path, *parsed, output);
  UpdateTimeout();
}

// DEVIATION: RFC 8445 §7.3.1.4 would check a path in turn that a request came over. The peer's
// candidates are checked in any case, so that would only be earlier.
void IceControlling::HandleRequest(Timestamp now, const Path& path, const StunMessage& request,
                                   IceOutput& output) {
  const auto names_us = [&](std::string_view username) {
    const size_t colon = username.find(':');
    return colon != std::string_view::npos && username.substr(0, colon) == local_.ufrag &&
           (!remote_ || username.substr(colon + 1) == remote_->credentials.ufrag ||
            (previous_ && username.substr(colon + 1) == previous_->credentials.ufrag));
  };
  // Full peers are rare: the key is not kept for them.
  std::optional<StunHmac> key;
  if (request.username() && names_us(*request.username())) key.emplace(local_.password);
  if (!checks_.Admit(now, path, request, key ? &*key : nullptr, output)) return;
  checks_.Answer(path, request, *key, output);
}

void IceControlling::HandleResponse(Timestamp now, const Path& path, const StunMessage& response,
                                    IceOutput& output) {
  const auto check = FindCheck(response.transaction_id());
  if (!check) return checks_.Count(IceDropReason::kUnexpectedResponse);
  if (!Accepts(*check, path, response)) return;
  switch (check->kind) {
    case CheckKind::kOrdinary: return UseAnswered(now, *check->pair, output);
    case CheckKind::kNomination:
      nomination_.reset();
      nominated_ = true;
      return consent_.Renew(now);
    case CheckKind::kConsent: return consent_.Answered(now, response.transaction_id());
  }
}

// RFC 8445 §7.2.5.2, RFC 8489 §6.3.3 and §9.1.4. DEVIATION: where the RFCs fail the check, it goes
// on (see the class). The mapped address is of no interest: the path is named by the local socket.
bool IceControlling::Accepts(const OpenCheck& check, const Path& path,
                             const StunMessage& response) {
  const auto drop = [this](IceDropReason reason) {
    checks_.Count(reason);
    return false;
  };
  if (check.path != path) return drop(IceDropReason::kWrongSource);
  if (response.message_class() == StunClass::kErrorResponse) {
    const bool conflict = response.error_code() == static_cast<uint16_t>(StunError::kRoleConflict);
    return drop(conflict ? IceDropReason::kRoleConflict : IceDropReason::kErrorResponse);
  }
  if (!response.VerifyIntegrity(check.remote->hmac)) return drop(IceDropReason::kBadIntegrity);
  return response.unknown_required().empty() || drop(IceDropReason::kUnknownAttributes);
}

std::optional<IceControlling::OpenCheck> IceControlling::FindCheck(const StunTransactionId& id) {
  if (IcePair* const pair = list_.FindInProgress(id)) {
    return OpenCheck{CheckKind::kOrdinary, pair->path, &*remote_, pair};
  }
  if (!selected_) return std::nullopt;
  if (nomination_ && nomination_->id() == id) {
    return OpenCheck{CheckKind::kNomination, *selected_, &selected_remote(), nullptr};
  }
  if (!consent_.IsOpen(id)) return std::nullopt;
  return OpenCheck{CheckKind::kConsent, *selected_, &selected_remote(), nullptr};
}

// The first pair that answers is the one: the others' checks end (RFC 8445 §8.1.2).
void IceControlling::UseAnswered(Timestamp now, IcePair& pair, IceOutput& output) {
  pair.state = IcePairState::kSucceeded;
  list_.Stop();
  previous_.reset();
  Select(pair.path, output);
  selected_priority_ = pair.priority;
  SetConnected(output);
  consent_.Begin(now, *random_);
  nominated_ = false;
  nomination_.emplace(now, IceTransaction::kMinRto, *random_);
  SendCheck(pair.path, *remote_, nomination_->id(), pair.priority, CheckKind::kNomination, output);
}

void IceControlling::HandleTimeout(Timestamp now, IceOutput& output) {
  if (now < next_timeout_) return;
  if (std::min(give_up_at_, consent_.expires()) <= now) Disconnect(output);
  CheckPairs(now, output);
  RepeatNomination(now, output);
  if (consent_.next_check() <= now) {
    SendCheck(*selected_, selected_remote(), consent_.NextCheck(now, *random_), selected_priority_,
              CheckKind::kConsent, output);
  }
  UpdateTimeout();
}

void IceControlling::CheckPairs(Timestamp now, IceOutput& output) {
  if (!list_.running()) return;
  while (IcePair* const pair = list_.NextDue(now, *random_)) {
    SendCheck(pair->path, *remote_, pair->check.id(), pair->priority, CheckKind::kOrdinary, output);
  }
  if (!list_.running() && !selected_) Disconnect(output);
}

// Without an answer the path stays selected, and consent decides whether it lives.
void IceControlling::RepeatNomination(Timestamp now, IceOutput& output) {
  if (!nomination_ || nomination_->next() > now) return;
  if (!nomination_->Repeat(now)) return nomination_.reset();
  SendCheck(*selected_, selected_remote(), nomination_->id(), selected_priority_,
            CheckKind::kNomination, output);
}

// Checks that still run go on: one that is answered connects again.
void IceControlling::Disconnect(IceOutput& output) {
  give_up_at_ = Timestamp::Never();
  // The path that is lost is one of the list, unless that is of a restart.
  if (selected_ && !previous_) list_.FailAll();
  previous_.reset();
  consent_.End();
  nomination_.reset();
  nominated_ = false;
  Select(std::nullopt, output);
  if (state_ == IceState::kDisconnected) return;
  state_ = IceState::kDisconnected;
  output.Raise(IceEvent::kDisconnected);
}

void IceControlling::SendCheck(const Path& path, Remote& remote, const StunTransactionId& id,
                               uint32_t priority, CheckKind kind, IceOutput& output) {
  if (remote.credentials.ufrag.size() > kMaxRemoteUfragSize) return;
  const MutableBytes room = output.datagrams().Reserve(path, kMaxStunMessageSize);
  if (room.empty()) return checks_.Count(IceDropReason::kSinkFull);
  StunWriter writer(room, StunClass::kRequest, id);
  writer.AddUsername(remote.username);
  writer.AddPriority(priority);
  writer.AddIceControlling(tie_breaker_);
  if (kind == CheckKind::kNomination) writer.AddUseCandidate();
  writer.AddIntegrity(remote.hmac);
  writer.AddFingerprint();
  output.datagrams().Commit(writer.size());
}

void IceControlling::UpdateTimeout() {
  next_timeout_ = std::min({list_.NextTimeout(), consent_.NextTimeout(), give_up_at_,
                            nomination_ ? nomination_->next() : Timestamp::Never()});
}

}  // namespace confab::rtc
