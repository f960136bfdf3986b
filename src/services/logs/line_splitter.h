#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/logs/log_entry.h"

namespace confab::logs {

// Cuts the octets of one file into lines, however they are parted. Keeps kMaxLineBytes of one line
// at most: of a longer one it keeps the beginning and counts the rest.
class LineSplitter {
 public:
  // The next octets; whole lines are appended to `lines`. Empty lines are none.
  void Add(std::string_view bytes, std::vector<RawLine>& lines);
  // The beginning of a line whose end never came; nothing is kept of it.
  std::optional<RawLine> TakeRest();
  // Until the next newline nothing counts: for a reader that begins in the middle of a file.
  void SkipToNextLine() { is_skipping_ = true; }
  bool has_rest() const { return octets_ > 0; }

 private:
  void Keep(std::string_view part);
  RawLine Take();

  std::string kept_;
  uint64_t octets_ = 0;  // of the line so far
  bool is_skipping_ = false;
};

}  // namespace confab::logs
