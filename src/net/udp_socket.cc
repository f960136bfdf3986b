#include "net/udp_socket.h"

#include <fmt/format.h>
#include <linux/filter.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "net/os_address.h"

namespace confab::net {
namespace {

// The kernel's stamp of arrival in microseconds since the epoch, 0 if there is none.
int64_t StampOf(msghdr& message) {
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec time;
    std::memcpy(&time, CMSG_DATA(c), sizeof(time));
    return int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
  }
  return 0;
}

constexpr size_t kReceiveControl = CMSG_SPACE(sizeof(timespec));
constexpr size_t kSendControl = CMSG_SPACE(sizeof(uint16_t));
constexpr int64_t kMaxStampAgeUs = 1'000'000;

bool IsSegmented(const UdpSendRun& run) {
  return run.bytes.size() > run.segment_size;
}

// Which socket of a group takes a datagram: number 1, the second to be bound, for a first octet
// below 128.
constexpr std::array kByFirstOctet{
    sock_filter{.code = BPF_LD | BPF_B | BPF_ABS, .jt = 0, .jf = 0, .k = 0},
    sock_filter{.code = BPF_JMP | BPF_JSET | BPF_K, .jt = 0, .jf = 1, .k = 0x80},
    sock_filter{.code = BPF_RET | BPF_K, .jt = 0, .jf = 0, .k = 0},
    sock_filter{.code = BPF_RET | BPF_K, .jt = 0, .jf = 0, .k = 1},
};

bool SetOption(int fd, int level, int option, int value) {
  return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

// The arguments of one sendmmsg: on the stack, filled and refilled in place.
class OutgoingMessages {
 public:
  // Takes runs from the front, up to the first that would need what the socket cannot do; at least
  // one.
  size_t Fill(std::span<const UdpSendRun> runs, bool can_segment) {
    size_t count = 0;
    for (; count < std::min(runs.size(), UdpSocket::kBatch); ++count) {
      if (!can_segment && IsSegmented(runs[count])) break;
      Set(count, runs[count]);
    }
    return count;
  }

  int Send(int fd, size_t count) {
    return sendmmsg(fd, messages_.data(), static_cast<unsigned>(count), 0);
  }

 private:
  void Set(size_t i, const UdpSendRun& run) {
    names_[i] = ToOs(run.to);
    vectors_[i] = {const_cast<uint8_t*>(run.bytes.data()), run.bytes.size()};
    messages_[i] = {};
    msghdr& header = messages_[i].msg_hdr;
    header.msg_name = &names_[i].storage;
    header.msg_namelen = names_[i].size;
    header.msg_iov = &vectors_[i];
    header.msg_iovlen = 1;
    if (!IsSegmented(run)) return;
    header.msg_control = controls_[i].data();
    header.msg_controllen = kSendControl;
    cmsghdr* control = CMSG_FIRSTHDR(&header);
    control->cmsg_level = SOL_UDP;
    control->cmsg_type = UDP_SEGMENT;
    control->cmsg_len = CMSG_LEN(sizeof(uint16_t));
    std::memcpy(CMSG_DATA(control), &run.segment_size, sizeof(uint16_t));
  }

  std::array<mmsghdr, UdpSocket::kBatch> messages_;
  std::array<iovec, UdpSocket::kBatch> vectors_;
  std::array<OsAddress, UdpSocket::kBatch> names_;
  alignas(cmsghdr) std::array<std::array<char, kSendControl>, UdpSocket::kBatch> controls_;
};

}  // namespace

Result<UdpSocket> UdpSocket::Bind(const SocketAddress& address) {
  return Bind(address, Sharing::kAlone);
}

Result<UdpSocket> UdpSocket::Bind(const SocketAddress& address, Sharing sharing) {
  const int family = address.family() == AddressFamily::kIpv4 ? AF_INET : AF_INET6;
  FileDescriptor fd(socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const auto failed = [&address](const char* what) {
    const bool is_absent = errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT;
    return Fail(is_absent ? ErrorCode::kUnavailable : ErrorCode::kInvalidConfiguration,
                fmt::format("cannot {} UDP {}: {}", what, address.ToString(),
                            std::generic_category().message(errno)));
  };
  if (fd.value() < 0) return failed("open a socket for");
  const auto set = [&fd](int level, int option, int value) {
    return SetOption(fd.value(), level, option, value);
  };
  if (sharing == Sharing::kShared) set(SOL_SOCKET, SO_REUSEPORT, 1);
  if (family == AF_INET6) set(IPPROTO_IPV6, IPV6_V6ONLY, 1);
  // Best effort: the kernel caps the buffers at net.core.[rw]mem_max.
  set(SOL_SOCKET, SO_RCVBUF, kSocketBufferBytes);
  set(SOL_SOCKET, SO_SNDBUF, kSocketBufferBytes);
  set(SOL_SOCKET, SO_TIMESTAMPNS, 1);
  // Never fragment, and ignore forged "fragmentation needed" messages.
  if (family == AF_INET) set(IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
  if (family == AF_INET6) set(IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);

  const OsAddress os = ToOs(address);
  if (bind(fd.value(), os.get(), os.size) != 0) return failed("bind");
  const SocketAddress local = LocalAddressOf(fd.value());
  if (local.family() == AddressFamily::kNone) return failed("read the address of");
  return UdpSocket(std::move(fd), local);
}

// The first socket was bound alone, so nobody else has the address; it lets one more in and closes
// the door behind it.
Result<UdpSocket> UdpSocket::SplitOffHandshakes() {
  const auto failed = [this] {
    return Fail(ErrorCode::kUnavailable, fmt::format("cannot split UDP {}: {}", local_.ToString(),
                                                     std::generic_category().message(errno)));
  };
  if (!SetOption(fd(), SOL_SOCKET, SO_REUSEPORT, 1)) return failed();
  auto second = Bind(local_, Sharing::kShared);
  (void)SetOption(fd(), SOL_SOCKET, SO_REUSEPORT, 0);
  if (!second) return second;
  auto filter = kByFirstOctet;
  const sock_fprog program{.len = filter.size(), .filter = filter.data()};
  if (setsockopt(second->fd(), SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof(program)) !=
      0) {
    return failed();
  }
  return second;
}

uint64_t UdpSocket::overflows() const {
  std::array<uint32_t, SK_MEMINFO_VARS> memory{};
  socklen_t size = sizeof(memory);
  const bool ok = getsockopt(fd(), SOL_SOCKET, SO_MEMINFO, memory.data(), &size) == 0;
  return ok ? memory[SK_MEMINFO_DROPS] : 0;
}

size_t UdpSocket::Receive(std::span<UdpReceiveSlot> slots, Timestamp mono_now,
                          int64_t real_now_us) {
  std::array<mmsghdr, kBatch> messages{};
  std::array<iovec, kBatch> vectors;
  std::array<sockaddr_storage, kBatch> names;
  alignas(cmsghdr) std::array<std::array<char, kReceiveControl>, kBatch> controls;
  const size_t want = std::min(slots.size(), kBatch);
  for (size_t i = 0; i < want; ++i) {
    vectors[i] = {slots[i].buffer.data(), slots[i].buffer.size()};
    msghdr& header = messages[i].msg_hdr;
    header.msg_name = &names[i];
    header.msg_namelen = sizeof(names[i]);
    header.msg_iov = &vectors[i];
    header.msg_iovlen = 1;
    header.msg_control = controls[i].data();
    header.msg_controllen = kReceiveControl;
  }
  const int got = recvmmsg(fd_.value(), messages.data(), static_cast<unsigned>(want), 0, nullptr);
  if (got <= 0) return 0;
  for (size_t i = 0; i < static_cast<size_t>(got); ++i) {
    UdpReceiveSlot& slot = slots[i];
    slot.size = messages[i].msg_len;
    slot.truncated = (messages[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
    slot.from = FromOs(names[i]);
    const int64_t stamp = StampOf(messages[i].msg_hdr);
    const int64_t age_us = stamp == 0 ? 0 : real_now_us - stamp;
    // A stepped wall clock makes nonsense of the stamp: then the time of reading serves.
    slot.received_at =
        age_us > 0 && age_us < kMaxStampAgeUs ? mono_now - TimeDelta::Micros(age_us) : mono_now;
  }
  return static_cast<size_t>(got);
}

UdpSocket::SendCounts UdpSocket::Send(std::span<const UdpSendRun> runs) {
  SendCounts counts;
  OutgoingMessages messages;
  while (!runs.empty()) {
    if (!can_segment_ && IsSegmented(runs.front())) {
      SendOneByOne(runs.front(), counts);
      runs = runs.subspan(1);
      continue;
    }
    const size_t batch = messages.Fill(runs, can_segment_);
    const int sent = messages.Send(fd_.value(), batch);
    const size_t taken = sent > 0 ? static_cast<size_t>(sent) : 0;
    for (size_t i = 0; i < taken; ++i) counts.datagrams += runs[i].datagrams();
    runs = runs.subspan(taken);
    if (sent >= 0 || errno == EINTR) continue;
    // An error belongs to the first message not sent: it alone is given up.
    const UdpSendRun& refused = runs.front();
    if (IsSegmented(refused) && (errno == EIO || errno == EINVAL)) {
      if (errno == EIO) can_segment_ = false;
      SendOneByOne(refused, counts);
    } else {
      counts.dropped += refused.datagrams();
    }
    runs = runs.subspan(1);
  }
  return counts;
}

void UdpSocket::SendOneByOne(const UdpSendRun& run, SendCounts& counts) {
  for (BytesView rest = run.bytes; !rest.empty();) {
    const BytesView datagram = rest.first(std::min<size_t>(rest.size(), run.segment_size));
    rest = rest.subspan(datagram.size());
    const UdpSendRun single{run.to, datagram, static_cast<uint16_t>(datagram.size())};
    const SendCounts sent = Send({&single, 1});
    counts.datagrams += sent.datagrams;
    counts.dropped += sent.dropped;
  }
}

}  // namespace confab::net
