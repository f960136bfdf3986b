#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/ip_network.h"
#include "base/socket_address.h"
#include "net/udp_socket.h"
#include "rtc/types.h"
#include "services/media/poller.h"
#include "sfu/plain_parameters.h"
#include "sfu/worker.h"

namespace confab::media {

// What plain transports may use.
struct PlainRtpOptions {
  // Where their peers may be. Empty: there are no plain transports.
  std::vector<IpNetwork> networks;
  // Both inclusive.
  uint16_t first_port = 41'000;
  uint16_t last_port = 41'999;
};

// What one of so many workers has of the ports: an equal part for each, so that none tries what is
// another's.
PlainRtpOptions ShareOf(const PlainRtpOptions& all, size_t worker, size_t workers);

// The UDP sockets of a worker's plain transports, one or two each, opened and closed with them. For
// the worker each is a local socket of its own. Lives on the worker's thread.
//
// Ports go in pairs, an even number for RTP and the next one for RTCP (RFC 3550 §11); RTP and RTCP
// on one port take the even one and leave the other free. A pair that is given back is taken again
// last, so that what is late for one transport does not come to the next.
class PlainSockets {
 public:
  static constexpr size_t kMaxSockets = 2 * sfu::Worker::kMaxPlainTransports;

  enum class Ports : uint8_t { kShared, kPair };
  struct Opened {
    sfu::PlainSocket rtp;
    std::optional<sfu::PlainSocket> rtcp;  // only with kPair
  };

  // The poller is not owned and outlives this.
  PlainSockets(PlainRtpOptions options, Poller& poller);

  // The local sockets that these are for the worker. TcpConnections knows its own and is asked
  // first.
  static bool IsPlain(rtc::LocalSocket local) { return (local.value() & kPlainBit) != 0; }

  // On this machine's address `ip`; where that is empty, on the one that leads to the first of the
  // networks. Errors: kInvalidMessage (not an IP address), kUnavailable (not this machine's),
  // kLimitExceeded (no pair of ports is free), with a sentence.
  Result<Opened> Open(Ports ports, const std::string& ip);
  void Close(rtc::LocalSocket local);
  // Null for one that has been closed.
  net::UdpSocket* Find(rtc::LocalSocket local);
  // What it is bound to; nullopt for one that has been closed.
  std::optional<SocketAddress> AddressOf(rtc::LocalSocket local) const;
  size_t open() const { return open_; }
  const PlainRtpOptions& options() const { return options_; }

 private:
  // As in TcpConnections: a slot and how often that has been used.
  static constexpr uint32_t kPlainBit = 0x4000'0000;
  static constexpr uint32_t kSlotBits = 9;
  static constexpr uint32_t kSlotMask = (1u << kSlotBits) - 1;
  static_assert(kMaxSockets == size_t{1} << kSlotBits);

  struct Slot {
    uint32_t uses = 0;
    rtc::LocalSocket number;
    std::optional<net::UdpSocket> socket;
  };

  Result<SocketAddress> AddressFor(const std::string& ip) const;
  uint16_t FirstPortOf(size_t pair) const;
  std::optional<size_t> PairOf(uint16_t port) const;
  Result<Opened> Bind(const SocketAddress& ip, Ports ports, size_t pair);
  Result<sfu::PlainSocket> Add(const SocketAddress& address);

  PlainRtpOptions options_;
  Poller& poller_;
  std::vector<Slot> slots_;
  std::vector<bool> pairs_;  // taken
  size_t next_pair_ = 0;     // to be tried first
  size_t open_ = 0;
};

}  // namespace confab::media
