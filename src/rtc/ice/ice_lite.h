#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/units.h"
#include "rtc/ice/ice_agent.h"
#include "rtc/ice/ice_check_history.h"
#include "rtc/ice/ice_credentials.h"
#include "rtc/ice/ice_output.h"
#include "rtc/ice/ice_path_table.h"
#include "rtc/stun/stun_hmac.h"
#include "rtc/stun/stun_message.h"
#include "rtc/types.h"

namespace confab::rtc {

// An ICE-lite agent (RFC 8445 §2.5) with one component: always controlled, sends no checks, answers
// those of the peer. A check that authenticates makes the path it came over validated; the peer's
// USE-CANDIDATE selects one.
//
// Until the peer nominates, the first validated path is selected, so that DTLS need not wait.
//
// DEVIATION: RFC 8445 §7.3.1.5 knows only a nomination that is final, but browsers move by
// nominating again, and agents of RFC 5245 §8.1.1.2 set USE-CANDIDATE on every check. A peer that
// has sent checks without USE-CANDIDATE nominates deliberately: its newest nomination counts. For
// one that never has, a nominated pair gives way to one of higher priority only, or once it has
// been silent for kNominationStale. The pairs' own candidate counts the same in every pair, so the
// peer's PRIORITY decides alone.
class IceLite final : public IceAgent {
 public:
  // Without an authenticated check for so long a path, and with the last one the agent, is gone.
  // RFC 7675 §5.1 gives up consent after 30 s, too; browsers check every 2.5 s at least.
  static constexpr TimeDelta kInactivityTimeout = TimeDelta::Seconds(30);
  static constexpr TimeDelta kNominationStale = TimeDelta::Seconds(5);

  // The inactivity timeout starts at `now`.
  IceLite(Timestamp now, IceCredentials local);

  void HandleStun(Timestamp now, const Path& path, BytesView message, IceOutput& output) override;
  void HandleTimeout(Timestamp now, IceOutput& output) override;
  bool IsValidated(const Path& path) const override { return paths_.Find(path) != nullptr; }
  // One, or during a restart two.
  std::vector<std::string_view> ufrags() const override;

  // New credentials (RFC 8445 §9). The ones in use stay valid until a nomination that was made with
  // the new ones, so media never stops; of several unanswered restarts the last counts. Paths stay.
  void Restart(IceCredentials local, IceOutput& output);

  // Media has moved to a validated path by itself, see PathMove: selects it as a nomination would.
  void MoveTo(const Path& path, IceOutput& output) { Select(path, output); }

  // To be called when a connection (TCP) is gone: its paths are, too.
  void ForgetLocalSocket(LocalSocket local, IceOutput& output);

 private:
  struct Generation {
    explicit Generation(const IceCredentials& local) : ufrag(local.ufrag), hmac(local.password) {}
    std::string ufrag;
    StunHmac hmac;
    // A check without USE-CANDIDATE was seen: nominations are deliberate.
    bool nominates_deliberately = false;
  };

  void HandleRequest(Timestamp now, const Path& path, const StunMessage& request, IceOutput&);
  Generation* FindGeneration(std::string_view username);
  void Validate(Timestamp now, const Path&, const StunMessage&, IceOutput&);
  void Nominate(Timestamp now, const Path&, uint32_t priority, const Generation&, IceOutput&);
  bool IsPlayedAgain(const Path&, const StunMessage&);
  bool MayReplaceSelected(Timestamp now, uint32_t priority, const Generation&) const;
  void ReselectIfGone(IceOutput&);
  void UpdateTimeout();

  Generation current_;                  // of local_credentials()
  std::optional<Generation> previous_;  // during a restart
  Timestamp waiting_since_;             // creation or the last authenticated check
  IcePathTable paths_;
  IceCheckHistory history_;
};

}  // namespace confab::rtc
