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
  // than the last two changes of the offset). Two sources never get the same one, and the order of
  // the numbers is that of the sources, in whatever order they come.
  std::optional<int64_t> Map(int64_t source) {
    if (rebase_) {
      rebase_ = false;
      offset_ = next_ - source;
      valid_from_ = source;
      before_ = {};
    }
    const bool is_late = source < valid_from_;
    if (is_late && !before_.Has(source)) return std::nullopt;
    const int64_t out = source + (is_late ? before_.offset : offset_);
    if (out >= next_) next_ = out + 1;
    return out;
  }

  // `source` does not leave: the numbers after it move down by one. Of a number that has been
  // passed already a gap remains: the receiver will take it for a loss.
  void Skip(int64_t source) {
    if (rebase_) return;
    if (source < valid_from_) return SkipLate(source);
    if (source + offset_ < next_) return;
    // Of several in a row the first has told where the late ones end.
    if (source > valid_from_) before_ = {.from = valid_from_, .end = source, .offset = offset_};
    --offset_;
    valid_from_ = source + 1;
  }

  int64_t next() const { return next_; }

 private:
  // Sources that leave under an offset.
  struct Segment {
    int64_t from = 0;
    int64_t end = 0;
    int64_t offset = 0;
    bool Has(int64_t source) const { return source >= from && source < end; }
  };

  // While nothing from here on has a number yet, all of it can move down.
  void SkipLate(int64_t source) {
    if (!before_.Has(source) || source + before_.offset < next_) return;
    before_.end = source;
    --offset_;
  }

  int64_t next_;
  int64_t offset_ = 0;
  int64_t valid_from_ = 0;
  Segment before_;  // what was valid until the last change of the offset
  bool rebase_ = true;
};

}  // namespace confab::rtc
