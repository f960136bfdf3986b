#include "services/logs/line_splitter.h"

#include <algorithm>
#include <utility>

namespace confab::logs {

void LineSplitter::Add(std::string_view bytes, std::vector<RawLine>& lines) {
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    const bool is_ended = end != std::string_view::npos;
    Keep(bytes.substr(0, end));
    if (!is_ended) return;
    bytes.remove_prefix(end + 1);
    RawLine line = Take();
    if (std::exchange(is_skipping_, false) || line.octets == 0) continue;
    lines.push_back(std::move(line));
  }
}

std::optional<RawLine> LineSplitter::TakeRest() {
  if (octets_ == 0) return std::nullopt;
  RawLine line = Take();
  line.is_ended = false;
  if (std::exchange(is_skipping_, false)) return std::nullopt;
  return line;
}

void LineSplitter::Keep(std::string_view part) {
  octets_ += part.size();
  if (is_skipping_) return;
  const size_t room = kMaxLineBytes - std::min(kept_.size(), kMaxLineBytes);
  kept_.append(part.substr(0, room));
}

RawLine LineSplitter::Take() {
  RawLine line;
  line.bytes = std::exchange(kept_, {});
  line.octets = std::exchange(octets_, 0);
  return line;
}

}  // namespace confab::logs
