#include "services/media/plain_sockets.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "net/source_address.h"
#include "services/media/media_sockets.h"

namespace confab::media {
namespace {

// RFC 3550 §11: "RTP SHOULD use an even destination port number".
uint32_t FirstEven(uint16_t port) {
  return uint32_t{port} + (port & 1u);
}

size_t PairsOf(const PlainRtpOptions& options) {
  const uint32_t first = FirstEven(options.first_port);
  return options.last_port <= first ? 0 : (options.last_port - first + 1) / 2;
}

// An address inside a network, to ask the way there by.
SocketAddress SomeHostOf(const IpNetwork& network) {
  const SocketAddress& base = network.base();
  std::array<uint8_t, 16> octets{};
  std::ranges::copy(base.ip(), octets.begin());
  const size_t last = base.ip().size() - 1;
  octets[last] |= 1;
  if (base.family() == AddressFamily::kIpv6) return SocketAddress::Ipv6(octets, 0);
  return SocketAddress::Ipv4({octets[0], octets[1], octets[2], octets[3]}, 0);
}

}  // namespace

PlainRtpOptions ShareOf(const PlainRtpOptions& all, size_t worker, size_t workers) {
  const size_t pairs = PairsOf(all);
  const size_t begin = pairs * worker / workers;
  const size_t end = pairs * (worker + 1) / workers;
  PlainRtpOptions share = all;
  share.first_port = static_cast<uint16_t>(FirstEven(all.first_port) + 2 * begin);
  share.last_port = static_cast<uint16_t>(FirstEven(all.first_port) + 2 * end - 1);
  return share;
}

PlainSockets::PlainSockets(PlainRtpOptions options, Poller& poller)
    : options_(std::move(options)),
      poller_(poller),
      slots_(kMaxSockets),
      pairs_(PairsOf(options_)) {}

Result<SocketAddress> PlainSockets::AddressFor(const std::string& ip) const {
  if (!ip.empty()) {
    if (const auto address = SocketAddress::Parse(ip, 0)) return *address;
    return Fail(ErrorCode::kInvalidMessage, "listen_ip must be an IP address");
  }
  for (const IpNetwork& network : options_.networks) {
    if (const auto source = net::SourceAddressTowards(SomeHostOf(network))) return *source;
  }
  return Fail(
      ErrorCode::kUnavailable,
      "this machine has no way to any of media.plain_rtp_networks: name one that it has, or "
      "an address of its own to listen on");
}

uint16_t PlainSockets::FirstPortOf(size_t pair) const {
  return static_cast<uint16_t>(FirstEven(options_.first_port) + 2 * pair);
}

std::optional<size_t> PlainSockets::PairOf(uint16_t port) const {
  const size_t pair = (port - FirstEven(options_.first_port)) / 2;
  return port % 2 == 0 && pair < pairs_.size() ? std::optional(pair) : std::nullopt;
}

Result<PlainSockets::Opened> PlainSockets::Open(Ports ports, const std::string& ip) {
  const auto address = AddressFor(ip);
  if (!address) return std::unexpected(address.error());
  std::string last_refusal;
  for (size_t i = 0; i < pairs_.size(); ++i) {
    const size_t pair = (next_pair_ + i) % pairs_.size();
    if (pairs_[pair]) continue;
    auto opened = Bind(*address, ports, pair);
    if (opened) {
      pairs_[pair] = true;
      next_pair_ = (pair + 1) % pairs_.size();
      return opened;
    }
    if (opened.error().code == ErrorCode::kUnavailable) return opened;
    last_refusal = " (" + opened.error().message + ")";
  }
  return Fail(
      ErrorCode::kLimitExceeded,
      fmt::format("no pair of UDP ports from {} to {} is free{}: close a plain transport, or "
                  "widen media.plain_rtp_first_port and media.plain_rtp_last_port",
                  options_.first_port, options_.last_port, last_refusal));
}

Result<PlainSockets::Opened> PlainSockets::Bind(const SocketAddress& ip, Ports ports, size_t pair) {
  const uint16_t port = FirstPortOf(pair);
  const auto rtp = Add(WithPort(ip, port));
  if (!rtp) return std::unexpected(rtp.error());
  Opened opened{.rtp = *rtp, .rtcp = {}};
  if (ports == Ports::kShared) return opened;
  const auto rtcp = Add(WithPort(ip, static_cast<uint16_t>(port + 1)));
  if (!rtcp) {
    Close(rtp->number);
    return std::unexpected(rtcp.error());
  }
  opened.rtcp = *rtcp;
  return opened;
}

Result<sfu::PlainSocket> PlainSockets::Add(const SocketAddress& address) {
  const auto slot = std::ranges::find_if(slots_, [](const Slot& each) { return !each.socket; });
  if (slot == slots_.end()) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("a media worker takes {} sockets at most", kMaxSockets));
  }
  auto socket = net::UdpSocket::Bind(address);
  if (!socket) return std::unexpected(socket.error());
  const auto index = static_cast<uint32_t>(slot - slots_.begin());
  const rtc::LocalSocket number(kPlainBit | (slot->uses << kSlotBits & (kPlainBit - 1)) | index);
  if (!poller_.Add(socket->fd(), Poller::Kind::kPlain, number.value())) {
    return Fail(ErrorCode::kUnavailable, "the system cannot watch one more socket");
  }
  ++slot->uses;
  slot->number = number;
  slot->socket = std::move(*socket);
  ++open_;
  return sfu::PlainSocket{.number = number, .address = slot->socket->local()};
}

net::UdpSocket* PlainSockets::Find(rtc::LocalSocket local) {
  Slot& slot = slots_[local.value() & kSlotMask];
  return slot.socket && slot.number == local ? &*slot.socket : nullptr;
}

std::optional<SocketAddress> PlainSockets::AddressOf(rtc::LocalSocket local) const {
  const Slot& slot = slots_[local.value() & kSlotMask];
  if (!slot.socket || slot.number != local) return std::nullopt;
  return slot.socket->local();
}

void PlainSockets::Close(rtc::LocalSocket local) {
  const net::UdpSocket* socket = Find(local);
  if (socket == nullptr) return;
  if (const auto pair = PairOf(socket->local().port())) pairs_[*pair] = false;
  slots_[local.value() & kSlotMask].socket.reset();
  --open_;
}

}  // namespace confab::media
