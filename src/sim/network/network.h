#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/units.h"
#include "rtc/packet_pool.h"
#include "rtc/types.h"
#include "sim/network/link.h"
#include "sim/run/digest.h"
#include "sim/run/event_queue.h"

namespace confab::sim {

enum class Direction : uint8_t { kUp, kDown };  // to the server, from the server

// A datagram that came out of a link.
struct Arrived {
  Direction direction = Direction::kUp;
  uint32_t host = 0;     // whose link it was
  SocketAddress client;  // where it came from (kUp) or goes to (kDown)
  BytesView bytes;       // valid until the next call
};

// The network between one server and many hosts in virtual time: each host has a link up and a link
// down, which all of its addresses share. Takes copies of what is sent, in buffers that are reused.
class Network {
 public:
  explicit Network(uint64_t seed) : seed_(seed) {}

  // Hosts count from 0.
  uint32_t AddHost(const LinkOptions& up, const LinkOptions& down);
  // What is sent to `client` goes down the host's link. An address belongs to one host for ever.
  void Bind(const SocketAddress& client, uint32_t host);
  // From now on datagrams to it lead nowhere: the host has moved.
  void Unbind(const SocketAddress& client);

  void SendUp(Timestamp now, uint32_t host, const SocketAddress& client, BytesView bytes);
  void SendDown(Timestamp now, const SocketAddress& client, BytesView bytes);

  Timestamp next() const { return arrivals_.next(); }
  // The next arrival; only when next() is not Never.
  Arrived Take();

  Link& link(uint32_t host, Direction direction) {
    return hosts_[host].links[static_cast<size_t>(direction)];
  }
  const Digest& digest() const { return digest_; }
  uint64_t datagrams() const { return datagrams_; }
  uint64_t bytes() const { return bytes_; }
  LinkCounters counters(Direction direction) const;

 private:
  struct Host {
    std::array<Link, 2> links;  // by Direction
  };
  struct Binding {
    SocketAddress client;
    uint32_t host;
  };
  struct InFlight {
    Direction direction;
    uint16_t size;
    uint32_t host;
    uint32_t buffer;
    SocketAddress client;
  };
  using Buffer = std::array<uint8_t, 2048>;
  static_assert(sizeof(Buffer) >= rtc::kMaxPacketSize + 20);

  void Send(Timestamp now, Direction, uint32_t host, const SocketAddress& client, BytesView bytes);
  uint32_t Keep(BytesView bytes);

  uint64_t seed_;
  std::vector<Host> hosts_;
  std::vector<Binding> bindings_;  // ordered by address
  EventQueue<InFlight> arrivals_;
  std::vector<std::unique_ptr<Buffer>> buffers_;
  std::vector<uint32_t> free_;
  std::optional<uint32_t> taken_;  // whose bytes the last Take gave out
  Digest digest_;
  uint64_t datagrams_ = 0;
  uint64_t bytes_ = 0;
};

}  // namespace confab::sim
