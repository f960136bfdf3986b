#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/units.h"
#include "confab/media/v1/media.pb.h"
#include "services/signaling/media/media_pool.h"
#include "services/signaling/placement/placement_choice.h"

namespace confab::signaling {

// What the media services told of their load, as candidates for the PlacementChoice. Pure; one
// thread.
class MediaLoads {
 public:
  // New candidates are made when all that are up have told a new load, or after this.
  static constexpr TimeDelta kMaxAge = TimeDelta::Seconds(2);
  // Without a load, which is told once a second, though the stream seems open: what it does nobody
  // knows.
  static constexpr TimeDelta kSilence = TimeDelta::Seconds(3);

  void HandleLoad(Timestamp now, const std::string& media_instance, const media::v1::Load& load);
  // Its stream is open, and what it told before is forgotten.
  void HandleUp(const std::string& media_instance);
  // Who there is, or whether it takes rooms, has changed: new candidates are due.
  void HandleChange() { is_due_ = true; }
  // Whether the choice wants new candidates.
  bool IsDue(Timestamp now, const std::vector<MediaPool::InstanceStatus>& instances) const;
  // It has told its load, and does not any more.
  bool IsSilent(Timestamp now, const std::string& media_instance) const;
  // Of these instances. Those of which nothing was told have nothing to do yet.
  std::vector<PlacementChoice::Candidate> Take(
      Timestamp now, const std::vector<MediaPool::InstanceStatus>& instances);

 private:
  struct Entry {
    media::v1::Load load;
    bool is_new = false;  // since Take
    Timestamp told_at = Timestamp::Never();
  };

  std::map<std::string, Entry> entries_;  // of those that Take saw last, and who told since
  Timestamp taken_at_ = Timestamp::Past();
  bool is_due_ = true;
};

}  // namespace confab::signaling
