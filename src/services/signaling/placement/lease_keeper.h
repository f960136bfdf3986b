#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/units.h"
#include "services/signaling/placement/placement_calls.h"
#include "services/signaling/placement/placement_choice.h"
#include "services/signaling/placement/room_lease.h"

namespace confab::signaling {

// The placements of all rooms that have participants at this signaling instance: a RoomLease each.
// Pure: time, the store's and media's answers go in, calls to make come out of TakeCalls; whoever
// owns it makes them, in batches where the store and media take them. One thread.
class LeaseKeeper {
 public:
  // Beyond, Want refuses.
  static constexpr size_t kMaxRooms = 10'000;
  static constexpr size_t kMaxMedia = 4096;
  // How often Step is to be called; seldom is late, often does no harm.
  static constexpr TimeDelta kStep = TimeDelta::Millis(250);

  enum class Leaving : uint8_t {
    // Nobody is in the room, and media has closed its router with this epoch: the row is released.
    kRoomEnded,
    // Participants of other instances may be there: one of those takes the row over.
    kOthersStay,
  };

  // The choice is not owned.
  explicit LeaseKeeper(PlacementChoice& choice);
  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  // The room has participants here: it gets a home. Once more: nothing. Errors: kLimitExceeded.
  Result<void> Want(Timestamp now, const std::string& room, std::string region);
  void Leave(const std::string& room, Leaving leaving);
  void Step(Timestamp now);

  // What is known of a media instance. Those that were never named are silent, and so is the one
  // whose id sorts first where more than kMaxMedia are known.
  void SetReach(Timestamp now, const std::string& media_instance, MediaReach reach);
  // This process of it answers; that it is another one than before is noticed here.
  void HandleUp(Timestamp now, const std::string& media_instance, const std::string& process);
  // Media's own word: the lease of this home has ended there.
  void HandleEnded(Timestamp now, const std::string& room, const Home& ended);
  // The bus: another instance's TellHeld.
  void HandleHeard(Timestamp now, const std::string& room, const Home& home);

  // Answers of the store. No row: the default sight.
  void HandleFound(Timestamp now, const std::string& room, uint64_t ticket,
                   const PlacementSight& sight);
  // `seen`: what the claim went by; `sight`: what stands there now.
  void HandleClaimed(Timestamp now, const std::string& room, uint64_t ticket, ClaimAnswer answer,
                     const PlacementSight& seen, const PlacementSight& sight);
  void HandleRenewed(Timestamp now, const std::string& room, uint64_t ticket, RenewalAnswer answer);
  // Of any kind: what was done the row will show.
  void HandleStoreFault(Timestamp now, const std::string& room, uint64_t ticket);
  // How long the store's last answer took.
  void SetStoreLag(TimeDelta lag) { view_.store_lag = lag; }
  // An answer of media.
  void HandleLease(Timestamp now, const std::string& room, uint64_t ticket, LeaseAnswer answer);

  PlacementCalls TakeCalls() { return std::exchange(calls_, {}); }
  // nullptr: the room is not wanted here.
  const RoomLease* Find(const std::string& room) const;
  size_t rooms() const { return rooms_.size(); }
  // How many rooms are in each state, by its number.
  std::array<size_t, RoomLease::kStates> states() const;

 private:
  struct Media {
    MediaReach reach = MediaReach::kSilent;
    std::string process;  // that answered last; "": none yet
  };

  RoomLease* FindRoom(const std::string& room);
  Media& MediaOf(const std::string& media_instance);

  PlacementView view_;
  std::map<std::string, Media, std::less<>> media_;
  std::map<std::string, RoomLease> rooms_;
  PlacementCalls calls_;
};

}  // namespace confab::signaling
