#include "client/testing/replay.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "net/clock.h"
#include "net/file_descriptor.h"
#include "rtc/demux.h"

namespace confab::client {
namespace {

constexpr uint16_t kEtherTypeIpv4 = 0x0800;
// Marks what was sent again, so that it is not taken for something new.
constexpr uint8_t kReplayTtl = 77;
constexpr size_t kMaxDatagram = 2048;
// So many go out, then the server gets a moment: this is no flood.
constexpr size_t kReplayBurst = 32;
constexpr std::chrono::milliseconds kReplayPause(1);

struct Captured {
  uint32_t from = 0;  // network order, as all here
  uint32_t to = 0;
  uint16_t from_port = 0;
  uint16_t to_port = 0;
  std::vector<uint8_t> payload;
};

std::unexpected<Error> Failed(const char* what) {
  const bool is_forbidden = errno == EPERM || errno == EACCES;
  return Fail(is_forbidden ? ErrorCode::kForbidden : ErrorCode::kUnavailable,
              std::string("cannot ") + what + ": " + std::generic_category().message(errno));
}

bool IsFor(uint16_t port, BytesView packet) {
  return packet.size() >= sizeof(iphdr) + sizeof(udphdr) && packet[8] != kReplayTtl &&
         packet[9] == IPPROTO_UDP && (packet[0] & 0x0f) == 5 && LoadU16(&packet[22]) == port;
}

Captured Read(BytesView packet) {
  Captured captured;
  std::memcpy(&captured.from, &packet[12], sizeof(captured.from));
  std::memcpy(&captured.to, &packet[16], sizeof(captured.to));
  std::memcpy(&captured.from_port, &packet[20], sizeof(captured.from_port));
  std::memcpy(&captured.to_port, &packet[22], sizeof(captured.to_port));
  const BytesView payload = packet.subspan(sizeof(iphdr) + sizeof(udphdr));
  captured.payload.assign(payload.begin(), payload.end());
  return captured;
}

constexpr size_t kForgedOctet = 12;  // behind what tells the kinds apart
constexpr size_t kOversize = 1600;
constexpr size_t kTruncatedOfEach = 3;

void Forge(std::vector<uint8_t>& payload) {
  if (payload.size() > kForgedOctet) payload[kForgedOctet] ^= 0x55;
  if (payload.size() <= kForgedOctet) return;
  if (rtc::ClassifyDatagram(payload) != rtc::DatagramKind::kRtp) return;
  const auto number = static_cast<uint16_t>(LoadU16(&payload[2]) + 1000);
  StoreU16(&payload[2], number);
}

// All shorter forms of the first few of each kind.
std::vector<Captured> Truncated(const std::vector<Captured>& all) {
  std::vector<Captured> shorter;
  std::array<size_t, 5> taken{};
  for (const Captured& one : all) {
    size_t& count = taken[static_cast<size_t>(rtc::ClassifyDatagram(one.payload))];
    if (count++ >= kTruncatedOfEach) continue;
    for (size_t size = 0; size < one.payload.size(); ++size) {
      shorter.push_back(one);
      shorter.back().payload.resize(size);
    }
  }
  return shorter;
}

std::vector<Captured> Reshaped(std::vector<Captured> all, ReplayShape shape) {
  switch (shape) {
    case ReplayShape::kWhole: break;
    case ReplayShape::kForged:
      for (Captured& one : all) Forge(one.payload);
      break;
    case ReplayShape::kTruncated: return Truncated(all);
    case ReplayShape::kOversized:
      for (Captured& one : all) one.payload.resize(kOversize);
      break;
  }
  return all;
}

void Count(BytesView payload, ReplayResult& result) {
  switch (rtc::ClassifyDatagram(payload)) {
    case rtc::DatagramKind::kUnknown: break;
    case rtc::DatagramKind::kStun: ++result.captured_stun; break;
    case rtc::DatagramKind::kDtls: ++result.captured_dtls; break;
    case rtc::DatagramKind::kRtp: ++result.captured_rtp; break;
    case rtc::DatagramKind::kRtcp: ++result.captured_rtcp; break;
  }
}

Result<net::FileDescriptor> OpenListener() {
  net::FileDescriptor fd(socket(AF_PACKET, SOCK_DGRAM, htons(kEtherTypeIpv4)));
  if (fd.value() < 0) return Failed("listen on the loopback device");
  sockaddr_ll device{};
  device.sll_family = AF_PACKET;
  device.sll_protocol = htons(kEtherTypeIpv4);
  device.sll_ifindex = static_cast<int>(if_nametoindex("lo"));
  if (bind(fd.value(), reinterpret_cast<const sockaddr*>(&device), sizeof(device)) != 0) {
    return Failed("bind to the loopback device");
  }
  return fd;
}

std::vector<Captured> Listen(const net::FileDescriptor& listener, const ReplayOptions& options,
                             ReplayResult& result) {
  std::vector<Captured> all;
  const Timestamp begin = net::MonotonicNow();
  options.on_listening();
  while (all.size() < options.max_packets) {
    const TimeDelta time =
        options.listen + (result.has_every_kind() ? TimeDelta() : options.patience);
    const TimeDelta left = begin + time - net::MonotonicNow();
    pollfd waiting{.fd = listener.value(), .events = POLLIN, .revents = 0};
    if (left <= TimeDelta() || poll(&waiting, 1, static_cast<int>(left.ms()) + 1) <= 0) break;
    std::array<uint8_t, kMaxDatagram> buffer;
    sockaddr_ll from{};
    socklen_t from_size = sizeof(from);
    const ssize_t size = recvfrom(listener.value(), buffer.data(), buffer.size(), 0,
                                  reinterpret_cast<sockaddr*>(&from), &from_size);
    // The loopback device shows each packet twice: as it leaves and as it comes.
    if (size <= 0 || from.sll_pkttype != PACKET_HOST) continue;
    const BytesView packet = BytesView(buffer).first(static_cast<size_t>(size));
    if (!IsFor(options.port, packet)) continue;
    all.push_back(Read(packet));
    Count(all.back().payload, result);
  }
  return all;
}

// With the address of whoever sent it first; the kernel fills in the rest of the header.
std::vector<uint8_t> WithHeaders(const Captured& captured) {
  iphdr ip{};
  ip.version = 4;
  ip.ihl = 5;
  ip.ttl = kReplayTtl;
  ip.protocol = IPPROTO_UDP;
  ip.saddr = captured.from;
  ip.daddr = captured.to;
  udphdr udp{};  // without a checksum (RFC 768)
  udp.source = captured.from_port;
  udp.dest = captured.to_port;
  udp.len = htons(static_cast<uint16_t>(sizeof(udp) + captured.payload.size()));
  std::vector<uint8_t> packet(sizeof(ip) + sizeof(udp));
  std::memcpy(packet.data(), &ip, sizeof(ip));
  std::memcpy(packet.data() + sizeof(ip), &udp, sizeof(udp));
  packet.insert(packet.end(), captured.payload.begin(), captured.payload.end());
  return packet;
}

bool SendAgain(int fd, const Captured& captured, ReplaySource source) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = captured.to;
  to.sin_port = source == ReplaySource::kStranger ? captured.to_port : uint16_t{0};
  const std::vector<uint8_t> bytes =
      source == ReplaySource::kStranger ? captured.payload : WithHeaders(captured);
  return sendto(fd, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                sizeof(to)) == static_cast<ssize_t>(bytes.size());
}

}  // namespace

Result<ReplayResult> Replay(const ReplayOptions& options) {
  auto listener = OpenListener();
  if (!listener) return std::unexpected(listener.error());
  const bool is_raw = options.source == ReplaySource::kSender;
  const net::FileDescriptor sender(is_raw ? socket(AF_INET, SOCK_RAW, IPPROTO_RAW)
                                          : socket(AF_INET, SOCK_DGRAM, 0));
  if (sender.value() < 0) return Failed("send from another's address");
  ReplayResult result;
  const std::vector<Captured> all = Reshaped(Listen(*listener, options, result), options.shape);
  for (uint32_t round = 0; round < options.times; ++round) {
    for (size_t i = 0; i < all.size(); ++i) {
      if (SendAgain(sender.value(), all[i], options.source)) ++result.sent;
      if (i % kReplayBurst == kReplayBurst - 1) std::this_thread::sleep_for(kReplayPause);
    }
  }
  return result;
}

}  // namespace confab::client
