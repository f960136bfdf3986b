#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"

namespace confab::signaling {

// Which media instance a room is given: of two that are drawn at random the one that has less to
// do, what was given to it since it last told its load counted in. Two, not all: several signaling
// instances that know the same figures would all run to the same one. Pure; one thread.
class PlacementChoice {
 public:
  // Beyond: those whose ids sort last are left out.
  static constexpr size_t kMaxCandidates = 256;
  // What a room that was just placed is expected to need, in transports.
  static constexpr uint32_t kRoomWeight = 4;

  enum class Intake : uint8_t { kOpen, kClosed };  // closed: it drains, is full or does not answer
  struct Candidate {
    std::string id;
    std::string region;
    uint32_t transports = 0;
    Intake intake = Intake::kOpen;
  };

  // The random source is not owned.
  explicit PlacementChoice(RandomSource& random) : random_(random) {}

  // All that there are, with fresh figures: whatever was placed before is in them. What is pending
  // stays counted.
  void SetCandidates(std::vector<Candidate> candidates);
  // Never one of `excluded`; of another region only where this one has none. The room is pending
  // there until Placed or Refused. nullopt: there is none.
  std::optional<std::string> Choose(std::string_view region, std::span<const std::string> excluded);
  // The room that was pending there is there; or went to no place after all.
  void Placed(std::string_view id);
  void Abandoned(std::string_view id);
  // It takes no more, until the next SetCandidates says otherwise.
  void Refused(std::string_view id);

  // What it is taken to have to do: told, pending and placed since. 0 for one that is not known.
  uint32_t LoadOf(std::string_view id) const;

 private:
  struct Entry {
    Candidate candidate;
    uint32_t pending = 0;  // rooms
    uint32_t placed = 0;   // rooms, since the figures
  };

  static uint32_t LoadOf(const Entry& entry);
  Entry* Find(std::string_view id);
  const std::string& LessLoaded(const std::vector<Entry*>& candidates);

  RandomSource& random_;
  std::vector<Entry> entries_;  // sorted by id
};

}  // namespace confab::signaling
