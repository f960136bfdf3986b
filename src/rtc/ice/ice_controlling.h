#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/units.h"
#include "rtc/ice/ice_agent.h"
#include "rtc/ice/ice_check_list.h"
#include "rtc/ice/ice_consent.h"
#include "rtc/ice/ice_credentials.h"
#include "rtc/ice/ice_output.h"
#include "rtc/ice/ice_transaction.h"
#include "rtc/stun/stun_hmac.h"
#include "rtc/stun/stun_message.h"
#include "rtc/types.h"

namespace confab::rtc {

// A full agent (RFC 8445) in the controlling role with one component, for a peer whose candidates
// can be reached, such as a lite one: it checks each of them, selects the first path that answers,
// nominates it and keeps asking for consent (RFC 7675). The random source outlives it.
//
// Nomination is regular (§8.1.1): media flows over the first valid path before it is nominated, so
// USE-CANDIDATE on the ordinary checks would save nothing.
//
// What fits no check that waits for it, or is an error, changes counters only: the check goes on
// until its tries end. An error need not authenticate, so whoever reads along could end a check.
class IceControlling final : public IceAgent {
 public:
  // Longer ufrags than RFC 8839 §5.4 allows make checks that are never sent.
  static constexpr size_t kMaxRemoteUfragSize = 256;

  // Without candidates to check, the agent is kDisconnected 30 s after `now`.
  IceControlling(Timestamp now, IceCredentials local, RandomSource& random);

  // The peer's credentials and candidates, each with the local socket to reach it from, the most
  // wanted first; more than IceCheckList::kMaxPairs are ignored. Checks begin at once.
  //
  // Other credentials than before are the peer's restart (§9): the selected path and its consent
  // stay until a check with the new ones has been answered. The same ones again add candidates and
  // repeat failed checks while there is no selected path, and change nothing where there is.
  void SetRemote(Timestamp now, IceCredentials remote, std::span<const Path> candidates,
                 IceOutput& output);

  void HandleStun(Timestamp now, const Path& path, BytesView message, IceOutput& output) override;
  void HandleTimeout(Timestamp now, IceOutput& output) override;
  bool IsValidated(const Path& path) const override {
    return selected_ == path || list_.HasSucceeded(path);
  }
  std::vector<std::string_view> ufrags() const override { return {local_.ufrag}; }

 private:
  struct Remote {
    Remote(IceCredentials remote, std::string_view local_ufrag);
    IceCredentials credentials;
    std::string username;  // of our checks
    StunHmac hmac;
  };
  enum class CheckKind : uint8_t { kOrdinary, kNomination, kConsent };
  // A check of ours that a response belongs to.
  struct OpenCheck {
    CheckKind kind;
    Path path;
    Remote* remote;
    IcePair* pair;  // of kOrdinary
  };

  void HandleRequest(Timestamp now, const Path&, const StunMessage&, IceOutput&);
  void HandleResponse(Timestamp now, const Path&, const StunMessage&, IceOutput&);
  bool Accepts(const OpenCheck&, const Path&, const StunMessage& response);
  std::optional<OpenCheck> FindCheck(const StunTransactionId& id);
  void UseAnswered(Timestamp now, IcePair& pair, IceOutput&);
  void CheckPairs(Timestamp now, IceOutput&);
  void RepeatNomination(Timestamp now, IceOutput&);
  void Disconnect(IceOutput&);
  void SendCheck(const Path&, Remote&, const StunTransactionId&, uint32_t priority, CheckKind,
                 IceOutput&);
  // Of the credentials under which the selected path was validated.
  Remote& selected_remote() { return previous_ ? *previous_ : *remote_; }
  void UpdateTimeout();

  RandomSource* random_;
  uint64_t tie_breaker_;
  std::optional<Remote> remote_;
  std::optional<Remote> previous_;  // during the peer's restart, while a path is selected
  IceCheckList list_;               // with remote_
  uint32_t selected_priority_ = 0;
  std::optional<IceTransaction> nomination_;  // of the selected path
  IceConsent consent_;                        // of the selected path
  Timestamp give_up_at_;                      // while there is nothing to check
};

}  // namespace confab::rtc
