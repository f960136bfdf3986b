#pragma once

#include <cstdint>
#include <optional>

namespace confab::rtc {

// Maps a source's sequence numbers to an outgoing stream's: what the server leaves out makes no
// gap, what was lost on the way to the server stays a gap (so that the receiver notices and asks),
// and a new source goes on where the old one ended. Works on numbers without wrap; the wire takes
// the low 16 bits and SRTP's index the low 48.
class SequenceRewriter {
 public:
  // `first`: the number of the first packet out, in 0…32767 so that the receiver's first guess at
  // the rollover counter (zero, RFC 3711 §3.3.1) stays right even if the first packets are
  // reordered.
  explicit SequenceRewriter(uint16_t first) : next_(first) {}

  // The next Map() starts a new source: its number follows the last one out.
  void Rebase() { rebase_ = true; }

  // The number under which `source` leaves; nullopt if its number has been given away (it is older
  // than the last change of the offset).
  std::optional<int64_t> Map(int64_t source) {
    if (rebase_) {
      rebase_ = false;
      offset_ = next_ - source;
      valid_from_ = source;
    }
    if (source < valid_from_) return std::nullopt;
    const int64_t out = source + offset_;
    if (out >= next_) next_ = out + 1;
    return out;
  }

  // `source` does not leave: the numbers after it move down by one. Of a number that has been
  // passed already a gap remains: the receiver will take it for a loss.
  void Skip(int64_t source) {
    if (rebase_ || source + offset_ < next_) return;
    --offset_;
    valid_from_ = source + 1;
  }

  int64_t next() const { return next_; }

 private:
  int64_t next_;
  int64_t offset_ = 0;
  int64_t valid_from_ = 0;
  bool rebase_ = true;
};

}  // namespace confab::rtc
