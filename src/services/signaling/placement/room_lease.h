#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "services/signaling/placement/placement_calls.h"
#include "services/signaling/placement/placement_choice.h"

namespace confab::signaling {

// What the rooms of one keeper share. Owned by the keeper, changed by it alone.
struct PlacementView {
  PlacementChoice& choice;
  std::function<MediaReach(std::string_view media_instance)> reach;
  std::function<std::string(std::string_view media_instance)> process;  // of it, as known last
  bool is_store_away = false;  // the last answer of the store was a fault
  TimeDelta store_lag;         // of its last answer
  uint64_t last_ticket = 0;
};

// The placement of one room, as one signaling instance sees it:
//
//   unplaced ──► claiming ──► taking ──► held        we renew the row and media's lease
//       │  ▲         │           │         │
//       │  └─ lost ──┴───────────┴─────────┤
//       └──────────► following ────────────┘         another one renews the row, both media's lease
//
// At no time two media instances hold a lease of the same room, if clocks run equally fast:
//
//  - Of those who claim an epoch at once the store grants one alone. Only that one takes its lease
//    at media, and only at the process that was there when it claimed: an attempt that comes late
//    does not bring a room back to an instance that was restarted. Everybody else renews what is
//    there.
//  - Media's lease is renewed by whoever has seen the row renewed within kTrust, counted from
//    before it can have been: from when the last call was sent that did not see it.
//  - The row is renewed only by who reaches media. So it stands still when nobody does, and
//    whoever has seen it stand still for kMoveAfter, in which every lease has run out, may go on to
//    another instance. What proves that all have ended (a refused connection, media's own word) is
//    not waited for. That media knows nothing of the lease proves it to its holder alone: others
//    wait for kTakeWindow, in which it may still be taken.
//  - Who reaches media and sees the row stand still takes it over for the same instance, which is
//    always safe and which calls do not notice.
//  - While the store is away, leases go on being renewed, and the other instances are told by the
//    bus. Only who is cut off from its store, its bus and one media instance at a time, while
//    another reaches that one, may find a second home.
//
// Pure; lives on the keeper's thread. Every change of `now` goes forward.
class RoomLease {
 public:
  enum class State : uint8_t { kUnplaced, kClaiming, kTaking, kHeld, kFollowing };
  static constexpr size_t kStates = static_cast<size_t>(State::kFollowing) + 1;

  static constexpr TimeDelta kRenewPeriod = TimeDelta::Seconds(1);
  static constexpr TimeDelta kPollPeriod = TimeDelta::Millis(750);
  static constexpr TimeDelta kRetryPeriod = TimeDelta::Millis(250);
  // Of media's lease, as media counts it.
  static constexpr TimeDelta kMediaLease = TimeDelta::Seconds(5);
  // A LeaseMedia that took longer is not carried out any more. Media that answers after 2 s keeps
  // its rooms.
  static constexpr TimeDelta kMediaDeadline = TimeDelta::Seconds(3);
  // Since media's last answer: whether it lives is not known.
  static constexpr TimeDelta kMediaSilence = TimeDelta::Seconds(4);
  // Without an answer of media, while the store is away: others may move the room.
  static constexpr TimeDelta kGiveUp = TimeDelta::Seconds(10);
  static constexpr TimeDelta kTrust = TimeDelta::Seconds(5);
  // After a claim: then nobody tries to take its lease any more. Longer than one attempt may take.
  static constexpr TimeDelta kTakeWindow = TimeDelta::Seconds(4);
  // Takes that were not answered within their window, one after another: then another instance is
  // looked for. Once may be a worker that was busy.
  static constexpr int kMuteWindows = 2;
  // With a second for clocks that do not run equally fast.
  static constexpr TimeDelta kMoveAfter =
      kTrust + kMediaDeadline + kMediaLease + TimeDelta::Seconds(1);
  // That a connection is refused may be told for so long after another process has come: gRPC
  // repeats it until its next attempt has ended.
  static constexpr TimeDelta kRefusalAge = TimeDelta::Millis(2500);
  // A holder that does not renew; longer where the store is slow.
  static constexpr TimeDelta kTakeOver = TimeDelta::Millis(1500);

  // The view outlives it.
  RoomLease(std::string room, std::string region, PlacementView& view)
      : room_(std::move(room)), region_(std::move(region)), view_(view) {}

  // What is due now.
  void Step(Timestamp now, PlacementCalls& out);

  // Answers; one whose ticket is not that of the call under way is ignored.
  void HandleFound(Timestamp now, uint64_t ticket, const PlacementSight& sight,
                   PlacementCalls& out);
  void HandleClaimed(Timestamp now, uint64_t ticket, ClaimAnswer answer,
                     const PlacementSight& sight, PlacementCalls& out);
  void HandleRenewed(Timestamp now, uint64_t ticket, RenewalAnswer answer, PlacementCalls& out);
  void HandleStoreFault(Timestamp now, uint64_t ticket, PlacementCalls& out);
  void HandleLease(Timestamp now, uint64_t ticket, LeaseAnswer answer, PlacementCalls& out);

  // No process runs there at the moment: a connection was refused.
  void HandleDeath(Timestamp now, std::string_view media_instance, PlacementCalls& out);
  // A media instance is there that was not, or not known.
  void HandleUp(Timestamp now, PlacementCalls& out);
  // Another process answers there than when it was last reached.
  void HandleReplaced(Timestamp now, std::string_view media_instance, PlacementCalls& out);
  // The lease of this home has ended there, by media's own word, and does not come back.
  void HandleEnded(Timestamp now, const Home& ended, PlacementCalls& out);
  // Another signaling instance holds the room there, though the store does not say so.
  void HandleHeard(Timestamp now, const Home& home);
  // Nobody is in the room any more and media's router is closed.
  void Release(PlacementCalls& out) const;
  // Nobody is in it here: what is pending at the choice is not any more.
  void Forget() { EndClaim(); }

  State state() const { return state_; }
  // Where commands go; nullopt: nowhere.
  const std::optional<Home>& home() const { return home_; }

 private:
  struct Pending {
    uint64_t ticket = 0;
    Timestamp sent_at;
  };

  void StepStore(Timestamp now, PlacementCalls& out);
  void StepMedia(Timestamp now, PlacementCalls& out);
  // The row has been read, or was written by ourselves.
  void See(Timestamp now, Timestamp sent_at, const PlacementSight& sight);
  // Goes by the row as it was seen: follows it, or claims what nobody has.
  void GoBySight(Timestamp now, PlacementCalls& out);
  void Follow(Timestamp now, PlacementCalls& out);
  // Claims the room, where it may.
  void Reconsider(Timestamp now, PlacementCalls& out);
  void ClaimAnywhere(Timestamp now, PlacementCalls& out);
  void Claim(Timestamp now, const std::string& media_instance, PlacementCalls& out);
  void Lose(Timestamp now, PlacementCalls& out);
  void EndClaim();
  bool IsFree() const;  // nobody has the row
  bool IsProof(Timestamp asked_at, Timestamp now, LeaseAnswer answer) const;
  bool IsKnownDead(Timestamp now) const;
  // Whoever claimed the epoch that was seen has taken its lease by now, or never will.
  bool IsSettled(Timestamp at) const;
  bool IsOver() const { return sight_->epoch <= over_epoch_; }  // what was seen holds nothing
  bool IsSilent(Timestamp now) const;
  bool IsMute(std::string_view media_instance) const;  // takes no lease, though it seems to be up
  std::optional<Timestamp> TakeStoreCall(uint64_t ticket);
  uint64_t CallStore(Timestamp now);
  void CallMedia(Timestamp now, LeaseMedia lease, PlacementCalls& out);
  void Tell(PlacementCalls& out, uint64_t ticket, decltype(PlacementCall::what) what) const;

  const std::string room_;
  const std::string region_;
  PlacementView& view_;
  State state_ = State::kUnplaced;
  std::optional<Home> home_;

  // What the store said.
  std::optional<PlacementSight> sight_;
  Timestamp seen_at_ = Timestamp::Past();        // for the first time as it is
  Timestamp held_at_ = Timestamp::Past();        // somebody held the room there, by another's word
  Timestamp epoch_at_ = Timestamp::Past();       // no earlier than its epoch was claimed
  Timestamp read_at_ = Timestamp::Past();        // when the last call was sent that saw it
  Timestamp changed_after_ = Timestamp::Past();  // no later than it was written
  int64_t over_epoch_ = 0;                       // this one and those before hold nothing anywhere
  bool may_extend_ = false;
  bool is_store_away_ = false;  // its last answer about this room was a fault

  // What media said.
  Timestamp heard_at_ = Timestamp::Past();
  std::vector<std::string> refused_by_;  // since the room had a home
  bool is_chosen_ = false;               // the claim under way is pending at the choice
  std::string mute_;                     // whose answer to a whole take window did not come
  int mute_windows_ = 0;                 // how many of them, one after another

  Home claimed_;
  std::string process_;  // of media, that may grant the lease
  Timestamp claimed_at_ = Timestamp::Past();
  std::optional<Pending> store_call_;
  std::optional<Pending> media_call_;
  Timestamp next_store_at_ = Timestamp::Past();
  Timestamp next_media_at_ = Timestamp::Past();
};

}  // namespace confab::signaling
