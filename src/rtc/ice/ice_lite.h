#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/units.h"
#include "rtc/ice/ice_credentials.h"
#include "rtc/ice/ice_output.h"
#include "rtc/ice/ice_path_table.h"
#include "rtc/stun/stun_hmac.h"
#include "rtc/stun/stun_message.h"
#include "rtc/types.h"

namespace confab::rtc {

enum class IceState : uint8_t {
  kNew,           // no authenticated check yet
  kConnected,     // there is a validated path
  kDisconnected,  // kInactivityTimeout without an authenticated check; a new check connects again
};

// Why a STUN message had no success response. Counted, never logged one by one.
enum class IceDropReason : uint8_t {
  kMalformed,           // not a STUN message; no answer
  kBadFingerprint,      // no answer
  kIndication,          // keep-alives (RFC 8445 §11): no answer, and not a sign of life
  kUnexpectedResponse,  // a lite agent sends no requests
  kUnknownMethod,       // no answer
  kMissingCredentials,  // no USERNAME or no MESSAGE-INTEGRITY: 400
  kUnknownUsername,     // 401
  kBadIntegrity,        // 401
  kUnknownAttributes,   // 420
  kMissingPriority,     // 400
  kRoleConflict,        // 487
  kSinkFull,            // the answer found no room
};
inline constexpr size_t kIceDropReasonCount = 12;

// An ICE-lite agent (RFC 8445 §2.5) with one component: always controlled, sends no checks, answers
// those of the peer. A check that authenticates makes the path it came over validated; the peer's
// USE-CANDIDATE selects one. Owned by a session, one thread; memory is bounded whatever arrives,
// and what does not authenticate changes counters only.
//
// Until the peer nominates, the first validated path is selected, so that DTLS need not wait.
//
// DEVIATION: RFC 8445 §7.3.1.5 knows only a nomination that is final, but browsers move by
// nominating again, and agents of RFC 5245 §8.1.1.2 set USE-CANDIDATE on every check. A peer that
// has sent checks without USE-CANDIDATE nominates deliberately: its newest nomination counts. For
// one that never has, a nominated pair gives way to one of higher priority only, or once it has
// been silent for kNominationStale. The pairs' own candidate counts the same in every pair, so the
// peer's PRIORITY decides alone.
class IceLite {
 public:
  // Without an authenticated check for so long a path, and with the last one the agent, is gone.
  // RFC 7675 §5.1 gives up consent after 30 s, too; browsers check every 2.5 s at least.
  static constexpr TimeDelta kInactivityTimeout = TimeDelta::Seconds(30);
  static constexpr TimeDelta kNominationStale = TimeDelta::Seconds(5);

  // The inactivity timeout starts at `now`.
  IceLite(Timestamp now, IceCredentials local);
  IceLite(const IceLite&) = delete;
  IceLite& operator=(const IceLite&) = delete;

  // Optional: from here on USERNAME's second half must be the peer's ufrag, too. For the current
  // credentials only: a Restart forgets them.
  void SetRemoteCredentials(const IceCredentials& remote);

  // `message` is a datagram for which IsStun holds. Answers go to the output's sink, over `path`.
  void HandleStun(Timestamp now, const Path& path, BytesView message, IceOutput& output);

  // New credentials (RFC 8445 §9). The ones in use stay valid until a nomination that was made with
  // the new ones, so media never stops; of several unanswered restarts the last counts. Paths stay.
  void Restart(IceCredentials local, IceOutput& output);

  // To be called when a connection (TCP) is gone: its paths are, too.
  void ForgetLocalSocket(LocalSocket local, IceOutput& output);

  // When HandleTimeout wants to be called; Never if there is nothing to wait for.
  Timestamp NextTimeout() const;
  void HandleTimeout(Timestamp now, IceOutput& output);

  IceState state() const { return state_; }
  // Where to send: nominated, or before that the first validated path.
  const std::optional<Path>& selected() const { return selected_; }
  bool is_nominated() const { return nominated_; }
  bool IsValidated(const Path& path) const { return paths_.Find(path) != nullptr; }
  // The credentials to announce.
  const IceCredentials& local_credentials() const { return current_.local; }
  // One, or during a restart two (the newest first): a check may name either. Views into this.
  std::vector<std::string_view> ufrags() const;

  uint64_t answered() const { return answered_; }
  uint64_t dropped(IceDropReason reason) const { return drops_[static_cast<size_t>(reason)]; }

 private:
  struct Generation {
    explicit Generation(IceCredentials credentials)
        : local(std::move(credentials)), hmac(local.password) {}
    IceCredentials local;
    StunHmac hmac;
    std::string remote_ufrag;  // empty: unknown, not checked
    // A check without USE-CANDIDATE was seen: nominations are deliberate.
    bool nominates_deliberately = false;
  };

  void HandleRequest(Timestamp now, const Path& path, const StunMessage& request, IceOutput&);
  Generation* FindGeneration(std::string_view username);
  void HandleAuthenticated(Timestamp now, const Path&, const StunMessage&, Generation&, IceOutput&);
  void Validate(Timestamp now, const Path&, const StunMessage&, IceOutput&);
  void Nominate(Timestamp now, const Path&, uint32_t priority, const Generation&, IceOutput&);
  bool MayReplaceSelected(Timestamp now, uint32_t priority, const Generation&) const;
  void Select(const std::optional<Path>& path, IceOutput&);
  void ReselectIfGone(IceOutput&);
  void Answer(const Path&, const StunMessage&, StunHmac&, IceOutput&);
  void Refuse(const Path&, const StunMessage&, StunError, StunHmac*, IceOutput&);
  void Count(IceDropReason reason) { ++drops_[static_cast<size_t>(reason)]; }

  Generation current_;
  std::optional<Generation> previous_;  // during a restart
  IceState state_ = IceState::kNew;
  Timestamp waiting_since_;  // creation or the last authenticated check
  IcePathTable paths_;
  std::optional<Path> selected_;
  bool nominated_ = false;
  uint64_t answered_ = 0;
  std::array<uint64_t, kIceDropReasonCount> drops_{};
};

}  // namespace confab::rtc
