#include "client/testing/flood.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>
#include <vector>

#include "net/clock.h"
#include "net/udp_socket.h"

namespace confab::client {
namespace {

constexpr std::chrono::milliseconds kPace(1);
constexpr TimeDelta kMaxCatchUp = TimeDelta::Millis(50);

Result<std::vector<net::UdpSocket>> OpenSockets(const FloodOptions& options) {
  std::vector<net::UdpSocket> sockets;
  for (uint32_t i = 0; i < options.sockets; ++i) {
    auto socket = net::UdpSocket::Bind(SocketAddress::Ipv4({0, 0, 0, 0}, 0));
    if (!socket) return std::unexpected(socket.error());
    sockets.push_back(std::move(*socket));
  }
  return sockets;
}

class Sender {
 public:
  Sender(SocketAddress to, std::vector<net::UdpSocket>& sockets, const Datagrams& datagrams)
      : to_(to), sockets_(sockets), datagrams_(datagrams) {}

  void Send(uint64_t count) {
    while (count > 0) {
      const size_t batch = std::min<uint64_t>(count, net::UdpSocket::kBatch);
      SendBatch(batch);
      count -= batch;
    }
  }
  const FloodResult& result() const { return result_; }

 private:
  void SendBatch(size_t batch) {
    std::array<net::UdpSendRun, net::UdpSocket::kBatch> runs;
    for (size_t i = 0; i < batch; ++i) {
      const auto& datagram = datagrams_[next_datagram_++ % datagrams_.size()];
      runs[i] = {to_, datagram, static_cast<uint16_t>(datagram.size())};
    }
    net::UdpSocket& socket = sockets_[next_socket_++ % sockets_.size()];
    const auto counts = socket.Send(std::span(runs).first(batch));
    result_.sent += counts.datagrams;
    result_.refused += counts.dropped;
  }

  SocketAddress to_;
  std::vector<net::UdpSocket>& sockets_;
  const Datagrams& datagrams_;
  size_t next_datagram_ = 0;
  size_t next_socket_ = 0;
  FloodResult result_;
};

uint64_t DueAfter(TimeDelta elapsed, uint32_t per_second) {
  return static_cast<uint64_t>(elapsed.us()) * per_second / 1'000'000;
}

}  // namespace

Result<FloodResult> Flood(const FloodOptions& options, const Datagrams& datagrams) {
  auto sockets = OpenSockets(options);
  if (!sockets) return std::unexpected(sockets.error());
  if (sockets->empty() || datagrams.empty()) {
    return Fail(ErrorCode::kInternal, "there is nothing to send");
  }
  Sender sender(options.to, *sockets, datagrams);
  const uint64_t most_at_once = DueAfter(kMaxCatchUp, options.per_second) + 1;
  const Timestamp begin = net::MonotonicNow();
  TimeDelta elapsed;
  for (uint64_t done = 0; elapsed < options.duration; elapsed = net::MonotonicNow() - begin) {
    const uint64_t due = DueAfter(elapsed, options.per_second);
    sender.Send(std::min(due - done, most_at_once));
    done = due;
    std::this_thread::sleep_for(kPace);
  }
  FloodResult result = sender.result();
  result.took = elapsed;
  return result;
}

}  // namespace confab::client
