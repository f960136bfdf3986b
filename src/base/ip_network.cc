#include "base/ip_network.h"

#include <charconv>

namespace confab {
namespace {

// The octet of a mask of `length` bits at this place.
uint8_t MaskOctet(size_t length, size_t at) {
  const size_t before = at * 8;
  if (length >= before + 8) return 0xff;
  if (length <= before) return 0;
  return static_cast<uint8_t>(0xff00 >> (length - before));
}

std::optional<size_t> ParseLength(std::string_view text, size_t max) {
  size_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc() || end != text.data() + text.size() || length > max) return std::nullopt;
  return length;
}

}  // namespace

std::optional<IpNetwork> IpNetwork::Parse(std::string_view text) {
  const size_t slash = text.find('/');
  const auto base = SocketAddress::Parse(text.substr(0, slash), 0);
  if (!base) return std::nullopt;
  const BytesView ip = base->ip();
  if (slash == std::string_view::npos) return IpNetwork(*base, ip.size() * 8);
  const auto length = ParseLength(text.substr(slash + 1), ip.size() * 8);
  if (!length) return std::nullopt;
  for (size_t i = 0; i < ip.size(); ++i) {
    if ((ip[i] & ~MaskOctet(*length, i)) != 0) return std::nullopt;
  }
  return IpNetwork(*base, *length);
}

bool IpNetwork::Contains(const SocketAddress& address) const {
  if (address.family() != base_.family()) return false;
  const BytesView ip = address.ip();
  for (size_t i = 0; i < ip.size(); ++i) {
    if ((ip[i] & MaskOctet(length_, i)) != base_.ip()[i]) return false;
  }
  return true;
}

std::string IpNetwork::ToString() const {
  return base_.IpToString() + "/" + std::to_string(length_);
}

}  // namespace confab
