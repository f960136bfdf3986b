// Packets in a TCP stream (RFC 4571): the same ones, however the stream was cut on its way.

#include <vector>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/support/input.h"
#include "net/packet_framing.h"

namespace confab::net {
namespace {

// Small, so that a short input has packets that are too long.
constexpr size_t kMaxPacket = 64;

struct Packets {
  std::vector<std::vector<uint8_t>> whole;
  uint64_t oversized = 0;

  bool operator==(const Packets&) const = default;
};

class Receiver {
 public:
  void Take(BytesView piece) {
    const fuzz::ExactCopy copy(piece);
    BytesView stream = copy.view();
    while (const auto packet = reader_.Next(stream)) {
      CHECK(!packet->empty() && packet->size() <= kMaxPacket);
      packets_.whole.emplace_back(packet->begin(), packet->end());
    }
    CHECK(stream.empty());
  }
  Packets packets() {
    packets_.oversized = reader_.oversized();
    return packets_;
  }

 private:
  FrameReader reader_{kMaxPacket};
  Packets packets_;
};

// What is decided stays so, and everything is decided in time.
void CheckOpening(BytesView stream) {
  FramedOpening before = FramedOpening::kUndecided;
  for (size_t size = 0; size <= std::min(stream.size(), kOpeningSize + 4); ++size) {
    const FramedOpening now = ReadFramedOpening(stream.first(size));
    CHECK(before == FramedOpening::kUndecided || now == before);
    CHECK(size < kOpeningSize || now != FramedOpening::kUndecided);
    before = now;
  }
}

}  // namespace

CONFAB_FUZZ_TARGET(framing) {
  fuzz::Input in(input);
  std::vector<size_t> cuts(in.Below(16));
  for (size_t& cut : cuts) cut = in.U8();
  const BytesView stream = in.Rest();

  Receiver at_once, in_pieces;
  at_once.Take(stream);
  BytesView rest = stream;
  for (const size_t cut : cuts) {
    const BytesView piece = rest.first(std::min(cut, rest.size()));
    in_pieces.Take(piece);
    rest = rest.subspan(piece.size());
  }
  in_pieces.Take(rest);
  CHECK(at_once.packets() == in_pieces.packets());
  CheckOpening(stream);
}

}  // namespace confab::net
