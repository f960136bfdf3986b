#include "services/signaling/placement/room_lease.h"

#include <algorithm>
#include <utility>

namespace confab::signaling {

void RoomLease::Step(Timestamp now, PlacementCalls& out) {
  StepStore(now, out);
  StepMedia(now, out);
}

void RoomLease::StepStore(Timestamp now, PlacementCalls& out) {
  if (store_call_ || now < next_store_at_ || state_ == State::kTaking) return;
  if (state_ == State::kHeld && !IsSilent(now)) {
    next_store_at_ = now + kRenewPeriod;
    return Tell(out, CallStore(now), RenewRow{home_->epoch});
  }
  // Without a home somebody waits for what the row says next.
  next_store_at_ = now + (home_ ? kPollPeriod : kRetryPeriod);
  Tell(out, CallStore(now), FindRow{});
}

void RoomLease::StepMedia(Timestamp now, PlacementCalls& out) {
  if (state_ == State::kTaking && now - claimed_at_ >= kTakeWindow) {
    // The row is ours, the lease is not: as if another had claimed it and gone.
    EndClaim();
    if (std::exchange(mute_, claimed_.media_instance) != claimed_.media_instance) mute_windows_ = 0;
    ++mute_windows_;
    state_ = State::kUnplaced;
    media_call_.reset();
    next_store_at_ = now;
  }
  if (media_call_ || now < next_media_at_) return;
  if (state_ == State::kTaking) return CallMedia(now, {claimed_, LeaseKind::kTake, process_}, out);
  // Whoever claims it for the same instance goes on following until that is granted.
  const bool is_takeover = state_ == State::kClaiming && home_;
  if (state_ != State::kHeld && state_ != State::kFollowing && !is_takeover) return;
  // While the store is away nobody claims anything, and what was true stays so.
  const bool is_store_away = view_.is_store_away || is_store_away_;
  if (!is_store_away) {
    may_extend_ = now < changed_after_ + kTrust;
  } else if (now - heard_at_ >= kGiveUp) {
    may_extend_ = false;
  }
  if (!may_extend_) return;
  if (is_store_away) {
    // The row stands still, and yet somebody holds the lease: nobody must wait for it as if not.
    seen_at_ = now;
    Tell(out, 0, TellHeld{*home_});
  }
  CallMedia(now, {*home_, LeaseKind::kRenew, ""}, out);
}

void RoomLease::HandleFound(Timestamp now, uint64_t ticket, const PlacementSight& sight,
                            PlacementCalls& out) {
  const auto sent_at = TakeStoreCall(ticket);
  if (!sent_at) return;
  See(now, *sent_at, sight);
  GoBySight(now, out);
}

void RoomLease::HandleClaimed(Timestamp now, uint64_t ticket, ClaimAnswer answer,
                              const PlacementSight& sight, PlacementCalls& out) {
  const auto sent_at = TakeStoreCall(ticket);
  if (!sent_at) return;
  See(now, *sent_at, sight);
  if (answer == ClaimAnswer::kRefused || now - *sent_at >= kTakeWindow) {
    EndClaim();
    state_ = State::kUnplaced;
    return GoBySight(now, out);
  }
  claimed_.epoch = sight.epoch;
  changed_after_ = *sent_at;
  state_ = State::kTaking;
  media_call_.reset();  // of the epoch before
  CallMedia(now, {claimed_, LeaseKind::kTake, process_}, out);
}

void RoomLease::HandleRenewed(Timestamp now, uint64_t ticket, RenewalAnswer answer,
                              PlacementCalls& out) {
  const auto sent_at = TakeStoreCall(ticket);
  if (!sent_at) return;
  if (answer == RenewalAnswer::kRenewed) {
    // A renewal that was repeated has counted twice: then a claim fails, and shows the number.
    ++sight_->renewals;
    seen_at_ = now;
    read_at_ = changed_after_ = *sent_at;
    if (state_ != State::kHeld) Reconsider(now, out);  // lost meanwhile
    return;
  }
  state_ = State::kUnplaced;  // until it is known who has it
  next_store_at_ = now;
  StepStore(now, out);
}

void RoomLease::HandleStoreFault(Timestamp now, uint64_t ticket, PlacementCalls& out) {
  if (!TakeStoreCall(ticket)) return;
  next_store_at_ = now + kRenewPeriod;
  if (state_ == State::kClaiming) {
    // What became of the claim the row will say.
    EndClaim();
    state_ = home_ ? State::kFollowing : State::kUnplaced;
  }
  is_store_away_ = true;
  if (home_) return;
  Tell(out, 0,
       NoHome{{ErrorCode::kPlacementUnavailable,
               "the store does not answer, so that the room cannot be given a media instance: try "
               "again in a moment"}});
}

void RoomLease::HandleLease(Timestamp now, uint64_t ticket, LeaseAnswer answer,
                            PlacementCalls& out) {
  if (!media_call_ || media_call_->ticket != ticket) return;
  const Timestamp asked_at = media_call_->sent_at;
  media_call_.reset();
  switch (answer) {
    case LeaseAnswer::kGranted:
      heard_at_ = now;
      mute_windows_ = 0;
      if (state_ != State::kTaking) return;
      if (is_chosen_) view_.choice.Placed(claimed_.media_instance);
      is_chosen_ = false;
      refused_by_.clear();
      state_ = State::kHeld;
      home_ = claimed_;
      may_extend_ = true;  // from the first renewal on, though the store goes away before it
      next_store_at_ = now;
      return Tell(out, 0, HomeFound{*home_});
    case LeaseAnswer::kSilent: next_media_at_ = now + kRetryPeriod; return;
    case LeaseAnswer::kNewer: next_store_at_ = now; return;
    // The row stands still, so that it is taken over for the same instance.
    case LeaseAnswer::kOlder: heard_at_ = now; return;
    case LeaseAnswer::kNoPlace:
      refused_by_.push_back(claimed_.media_instance);
      if (is_chosen_) view_.choice.Refused(claimed_.media_instance);
      is_chosen_ = false;
      break;
    case LeaseAnswer::kDead:
      if (state_ == State::kTaking) refused_by_.push_back(claimed_.media_instance);
      break;
    case LeaseAnswer::kOver: heard_at_ = now; break;
    case LeaseAnswer::kReplaced: break;
  }
  if (IsProof(asked_at, now, answer)) {
    over_epoch_ = std::max(over_epoch_, sight_->epoch);
  } else if (state_ != State::kTaking) {
    return;
  }
  Lose(now, out);
  Reconsider(now, out);
}

// That the epoch which was seen holds nothing, and never will.
bool RoomLease::IsProof(Timestamp asked_at, Timestamp now, LeaseAnswer answer) const {
  switch (answer) {
    case LeaseAnswer::kNoPlace: return true;  // what media has refused it grants nobody
    case LeaseAnswer::kDead: return IsKnownDead(now);
    // What another has claimed may not have been taken yet.
    case LeaseAnswer::kOver: return state_ == State::kHeld || IsSettled(asked_at);
    default: return false;
  }
}

// A refusal tells of the process of our own lease, and of those that others took it at before.
bool RoomLease::IsKnownDead(Timestamp now) const {
  return state_ == State::kTaking || state_ == State::kHeld || now - epoch_at_ >= kRefusalAge;
}

void RoomLease::HandleDeath(Timestamp now, std::string_view media_instance, PlacementCalls& out) {
  if (!sight_ || state_ == State::kClaiming) return;  // the answer comes first
  if (sight_->media_instance != media_instance || IsOver()) return;
  if (IsKnownDead(now)) over_epoch_ = sight_->epoch;
  if (home_ || state_ == State::kTaking) Lose(now, out);
  Reconsider(now, out);
}

void RoomLease::HandleUp(Timestamp now, PlacementCalls& out) {
  if (home_ || state_ != State::kUnplaced) return;
  next_store_at_ = now;
  StepStore(now, out);
}

void RoomLease::HandleReplaced(Timestamp now, std::string_view media_instance,
                               PlacementCalls& out) {
  if (!home_ || home_->media_instance != media_instance) return;
  if (state_ == State::kHeld && process_ != view_.process(media_instance)) {
    over_epoch_ = std::max(over_epoch_, home_->epoch);
    Lose(now, out);
    return Reconsider(now, out);
  }
  // Since when it is another one is not known: it may have granted the lease itself.
  if (state_ != State::kFollowing) return;
  media_call_.reset();
  next_media_at_ = now;
  StepMedia(now, out);
}

// It was taken, or it could not have ended: nobody takes it any more, so that nothing is to be
// waited for.
void RoomLease::HandleEnded(Timestamp now, const Home& ended, PlacementCalls& out) {
  over_epoch_ = std::max(over_epoch_, ended.epoch);
  if (home_ != ended || state_ == State::kClaiming) return;
  heard_at_ = now;
  Lose(now, out);
  Reconsider(now, out);
}

void RoomLease::Release(PlacementCalls& out) const {
  if (state_ == State::kHeld) Tell(out, 0, ReleaseRow{home_->epoch});
}

void RoomLease::EndClaim() {
  if (is_chosen_) view_.choice.Abandoned(claimed_.media_instance);
  is_chosen_ = false;
}

std::optional<Timestamp> RoomLease::TakeStoreCall(uint64_t ticket) {
  if (!store_call_ || store_call_->ticket != ticket) return std::nullopt;
  const Timestamp sent_at = store_call_->sent_at;
  store_call_.reset();
  is_store_away_ = false;
  return sent_at;
}

uint64_t RoomLease::CallStore(Timestamp now) {
  store_call_ = {.ticket = ++view_.last_ticket, .sent_at = now};
  return store_call_->ticket;
}

void RoomLease::CallMedia(Timestamp now, LeaseMedia lease, PlacementCalls& out) {
  media_call_ = {.ticket = ++view_.last_ticket, .sent_at = now};
  next_media_at_ = now + kRenewPeriod;
  Tell(out, media_call_->ticket, std::move(lease));
}

void RoomLease::Tell(PlacementCalls& out, uint64_t ticket,
                     decltype(PlacementCall::what) what) const {
  out.push_back({.room = room_, .ticket = ticket, .what = std::move(what)});
}

}  // namespace confab::signaling
