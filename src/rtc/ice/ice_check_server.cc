#include "rtc/ice/ice_check_server.h"

#include "rtc/stun/stun_writer.h"

namespace confab::rtc {

std::optional<StunMessage> IceCheckServer::Parse(BytesView message) {
  const auto parsed = StunMessage::Parse(message);
  const auto drop = [this](IceDropReason reason) -> std::optional<StunMessage> {
    Count(reason);
    return std::nullopt;
  };
  if (!parsed) return drop(IceDropReason::kMalformed);
  if (parsed->has_fingerprint() && !parsed->VerifyFingerprint()) {
    return drop(IceDropReason::kBadFingerprint);
  }
  // RFC 8489 §6.3: an unknown method or class is discarded silently.
  if (!parsed->is_binding()) return drop(IceDropReason::kUnknownMethod);
  if (parsed->message_class() == StunClass::kIndication) return drop(IceDropReason::kIndication);
  return *parsed;
}

bool IceCheckServer::Admit(Timestamp now, const Path& path, const StunMessage& request,
                           StunHmac* key, IceOutput& output) {
  if (!Authenticates(now, path, request, key, output)) return false;
  const auto refuse = [&](IceDropReason reason, StunError error) {
    Count(reason);
    Refuse(path, request, error, key, output);
    return false;
  };
  if (!request.unknown_required().empty()) {
    return refuse(IceDropReason::kUnknownAttributes, StunError::kUnknownAttribute);
  }
  // RFC 8445 §7.1.1: a check carries PRIORITY.
  if (!request.priority()) return refuse(IceDropReason::kMissingPriority, StunError::kBadRequest);
  // DEVIATION: RFC 8445 §7.3.1.1 lets the tie-breakers decide who changes its role. A lite agent
  // sends no checks and so cannot nominate: it never becomes controlling. The controlling one is
  // there for lite peers, so it stays what it is, too.
  const bool conflict = role_ == IceRole::kControlled ? request.ice_controlled().has_value()
                                                      : request.ice_controlling().has_value();
  return !conflict || refuse(IceDropReason::kRoleConflict, StunError::kRoleConflict);
}

// RFC 8489 §9.1.3, in its order.
bool IceCheckServer::Authenticates(Timestamp now, const Path& path, const StunMessage& request,
                                   StunHmac* key, IceOutput& output) {
  if (!request.username() || !request.has_integrity()) {
    Count(IceDropReason::kMissingCredentials);
    RefuseStranger(now, path, request, StunError::kBadRequest, output);
    return false;
  }
  if (key != nullptr && request.VerifyIntegrity(*key)) {
    ++authenticated_;
    return true;
  }
  Count(key == nullptr ? IceDropReason::kUnknownUsername : IceDropReason::kBadIntegrity);
  RefuseStranger(now, path, request, StunError::kUnauthenticated, output);
  return false;
}

void IceCheckServer::Answer(const Path& path, const StunMessage& request, StunHmac& key,
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

void IceCheckServer::RefuseStranger(Timestamp now, const Path& path, const StunMessage& request,
                                    StunError error, IceOutput& output) {
  if (now - refusal_second_ >= TimeDelta::Seconds(1)) {
    refusal_second_ = now;
    refusals_this_second_ = 0;
  }
  if (refusals_this_second_ == kMaxRefusalsPerSecond) return;
  ++refusals_this_second_;
  Refuse(path, request, error, nullptr, output);
}

// `key` is null for what did not authenticate. Such an answer has no reason phrase: it is never
// longer than the request, so a forged source address gains nothing.
void IceCheckServer::Refuse(const Path& path, const StunMessage& request, StunError error,
                            StunHmac* key, IceOutput& output) {
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
