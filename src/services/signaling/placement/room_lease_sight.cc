// How a room's lease goes by what the store shows of it.

#include <algorithm>
#include <utility>

#include "services/signaling/placement/room_lease.h"

namespace confab::signaling {

void RoomLease::See(Timestamp now, Timestamp sent_at, const PlacementSight& sight) {
  if (!sight_ || *sight_ != sight) {
    // It was written after the last call was sent that did not see it. What is seen for the first
    // time may be old.
    changed_after_ = sight_ ? read_at_ : Timestamp::Past();
    if (!sight_ || sight_->epoch != sight.epoch) epoch_at_ = now;
    seen_at_ = now;
    sight_ = sight;
  }
  read_at_ = sent_at;
}

void RoomLease::GoBySight(Timestamp now, PlacementCalls& out) {
  if (IsFree() || IsOver()) {
    if (home_) Lose(now, out);
  } else if (state_ == State::kUnplaced || !home_ ||
             *home_ != Home{sight_->media_instance, sight_->epoch}) {
    Follow(now, out);
  }
  Reconsider(now, out);
}

void RoomLease::Follow(Timestamp now, PlacementCalls& out) {
  const Home there{sight_->media_instance, sight_->epoch};
  if (view_.reach(there.media_instance) == MediaReach::kDead) {
    if (home_) Lose(now, out);
    return;
  }
  state_ = State::kFollowing;
  media_call_.reset();
  next_media_at_ = now;
  next_store_at_ = now + kPollPeriod;
  heard_at_ = now;
  may_extend_ = false;
  if (home_ == there) return;
  home_ = there;
  Tell(out, 0, HomeFound{there});
}

void RoomLease::Reconsider(Timestamp now, PlacementCalls& out) {
  if (store_call_ || view_.is_store_away || !sight_ || state_ == State::kTaking) return;
  if (IsFree() || IsOver()) return ClaimAnywhere(now, out);
  if (IsSilent(now)) {
    if (now - std::max(seen_at_, held_at_) < kMoveAfter) return;
    if (home_) Lose(now, out);
    return ClaimAnywhere(now, out);
  }
  const TimeDelta take_over = kTakeOver + view_.store_lag * 2;
  if (state_ == State::kFollowing && read_at_ - seen_at_ >= take_over) {
    Claim(now, sight_->media_instance, out);
  }
}

void RoomLease::ClaimAnywhere(Timestamp now, PlacementCalls& out) {
  std::vector<std::string> excluded = refused_by_;
  if (!IsFree() && view_.reach(sight_->media_instance) != MediaReach::kUp) {
    excluded.push_back(sight_->media_instance);
  }
  if (IsMute(mute_)) excluded.push_back(mute_);
  const auto chosen = view_.choice.Choose(region_, excluded);
  if (chosen) {
    is_chosen_ = true;
    return Claim(now, *chosen, out);
  }
  refused_by_.clear();
  mute_windows_ = 0;
  next_store_at_ = now + kRenewPeriod;
  Tell(out, 0,
       NoHome{{ErrorCode::kMediaUnavailable,
               "no media instance takes the room at the moment: try again in a moment"}});
}

void RoomLease::Claim(Timestamp now, const std::string& media_instance, PlacementCalls& out) {
  claimed_ = {.media_instance = media_instance};
  claimed_at_ = now;
  process_ = view_.process(media_instance);
  state_ = State::kClaiming;
  Tell(out, CallStore(now),
       ClaimRow{.media_instance = media_instance, .region = region_, .seen = *sight_});
}

void RoomLease::Lose(Timestamp now, PlacementCalls& out) {
  EndClaim();
  state_ = State::kUnplaced;
  media_call_.reset();
  next_store_at_ = now;
  if (!home_) return;
  home_.reset();
  Tell(out, 0,
       NoHome{{ErrorCode::kMediaUnavailable,
               "the room's media instance is gone, and the room gets another one in a moment"},
              NoHome::Outlook::kSoon});
}

// Of an older epoch too: who claimed the newer one may not have reached media.
void RoomLease::HandleHeard(Timestamp now, const Home& home) {
  if (!sight_ || sight_->media_instance != home.media_instance) return;
  held_at_ = now;
  if (home.epoch >= sight_->epoch) seen_at_ = now;
}

bool RoomLease::IsFree() const {
  return sight_->media_instance.empty();
}

bool RoomLease::IsSettled(Timestamp at) const {
  return at - epoch_at_ >= kTakeWindow + kMediaDeadline;
}

bool RoomLease::IsMute(std::string_view media_instance) const {
  return mute_windows_ >= kMuteWindows && mute_ == media_instance;
}

bool RoomLease::IsSilent(Timestamp now) const {
  const std::string& there = home_ ? home_->media_instance : sight_->media_instance;
  if (view_.reach(there) != MediaReach::kUp || IsMute(there)) return true;
  // A follower that does not renew the lease does not hear of it.
  const bool is_told = state_ == State::kHeld || may_extend_;
  return is_told && now - heard_at_ >= kMediaSilence;
}

}  // namespace confab::signaling
