#include "net/packet_framing.h"

#include <algorithm>
#include <array>

namespace confab::net {
namespace {

// RFC 8489 §5: 20 octets of header, and the two lowest bits of the length are zero. An ICE check
// has a few attributes: what is longer than 1280 would not fit a datagram either.
constexpr size_t kStunHeaderSize = 20;
constexpr size_t kMaxStunSize = 1280;
constexpr std::array<uint8_t, 4> kMagicCookie = {0x21, 0x12, 0xa4, 0x42};
constexpr size_t kCookieOffset = kFramePrefixSize + 4;

}  // namespace

std::optional<BytesView> FrameReader::Next(BytesView& stream) {
  if (taken_) begun_.clear();
  taken_ = false;
  while (!stream.empty()) {
    if (pass_over_ > 0) {
      PassOver(stream);
    } else if (begun_.empty() && stream.size() >= kFramePrefixSize &&
               LoadU16(stream.data()) <= std::min(max_packet_, stream.size() - kFramePrefixSize)) {
      // Whole in what was received: no copy.
      const BytesView packet = stream.subspan(kFramePrefixSize, LoadU16(stream.data()));
      stream = stream.subspan(kFramePrefixSize + packet.size());
      if (!packet.empty()) return packet;
    } else if (Continue(stream)) {
      taken_ = true;
      return BytesView(begun_).subspan(kFramePrefixSize);
    }
  }
  return std::nullopt;
}

bool FrameReader::Continue(BytesView& stream) {
  const auto take = [this, &stream](size_t until) {
    const size_t count = std::min(until - begun_.size(), stream.size());
    begun_.insert(begun_.end(), stream.begin(), stream.begin() + static_cast<ptrdiff_t>(count));
    stream = stream.subspan(count);
    return begun_.size() == until;
  };
  if (begun_.size() < kFramePrefixSize && !take(kFramePrefixSize)) return false;
  const size_t size = LoadU16(begun_.data());
  if (size == 0 || size > max_packet_) {
    begun_.clear();
    pass_over_ = size;
    if (size > 0) ++oversized_;
    return false;
  }
  return take(kFramePrefixSize + size);
}

void FrameReader::PassOver(BytesView& stream) {
  const size_t count = std::min(pass_over_, stream.size());
  pass_over_ -= count;
  stream = stream.subspan(count);
}

FramedOpening ReadFramedOpening(BytesView first) {
  // What is not there yet may still become right.
  const size_t least = first.size() >= 2   ? LoadU16(first.data())
                       : first.size() == 1 ? size_t{first[0]} << 8
                                           : 0;
  if (least > kMaxStunSize) return FramedOpening::kOther;
  if (first.size() >= 2 && (least < kStunHeaderSize || least % 4 != 0)) {
    return FramedOpening::kOther;
  }
  // The two highest bits of a STUN message are zero (RFC 8489 §5); RFC 7983 §7 leaves 0 to 3.
  if (first.size() > kFramePrefixSize && first[kFramePrefixSize] > 3) return FramedOpening::kOther;
  for (size_t i = kCookieOffset; i < std::min(first.size(), kOpeningSize); ++i) {
    if (first[i] != kMagicCookie[i - kCookieOffset]) return FramedOpening::kOther;
  }
  return first.size() < kOpeningSize ? FramedOpening::kUndecided : FramedOpening::kStun;
}

}  // namespace confab::net
