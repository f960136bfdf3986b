#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "base/error.h"
#include "base/socket_address.h"
#include "base/units.h"
#include "net/file_descriptor.h"

namespace confab::net {

// Where to put one received datagram, and what is known of it afterwards.
struct UdpReceiveSlot {
  MutableBytes buffer;  // the caller's

  size_t size = 0;
  bool truncated = false;  // the datagram was longer than the buffer
  SocketAddress from;
  Timestamp received_at;  // the kernel's stamp, on the monotonic clock
};

// A run of datagrams for one receiver that lie one after another in memory: every one of
// `segment_size` octets but the last, which may be shorter (UDP GSO's rule).
struct UdpSendRun {
  SocketAddress to;
  BytesView bytes;
  uint16_t segment_size = 0;  // bytes.size() for a single datagram

  size_t datagrams() const { return (bytes.size() + segment_size - 1) / segment_size; }
};

// A non-blocking UDP socket that works in batches. Belongs to one thread.
class UdpSocket {
 public:
  static constexpr size_t kBatch = 64;        // slots or runs per system call
  static constexpr size_t kMaxSegments = 64;  // UDP_MAX_SEGMENTS of older kernels
  static constexpr int kSocketBufferBytes = 4 * 1024 * 1024;

  // Port 0 takes any. An address in use is kInvalidConfiguration, one that this machine does not
  // have kUnavailable; both with the address in the sentence. IPv6 sockets take IPv6 only.
  static Result<UdpSocket> Bind(const SocketAddress& address);

  // Opens a second socket on this one's address. It gets what begins with an octet below 128, STUN
  // and DTLS (RFC 7983 §7), which any stranger may send; this one keeps the others, among them all
  // media. Each has a buffer of its own, so a flood of the first kind pushes nothing of the second
  // out. The address stays taken for everyone else. Once. Error kUnavailable: the kernel cannot do
  // that, and this one goes on receiving everything.
  Result<UdpSocket> SplitOffHandshakes();

  const SocketAddress& local() const { return local_; }
  int fd() const { return fd_.value(); }

  // Fills slots from the front with what is waiting; the number filled. `mono_now` and
  // `real_now_us` (microseconds since the Unix epoch) were read together: they turn the kernel's
  // wall-clock stamps into monotonic ones.
  size_t Receive(std::span<UdpReceiveSlot> slots, Timestamp mono_now, int64_t real_now_us);

  struct SendCounts {
    size_t datagrams = 0;
    size_t dropped = 0;  // the kernel's queue was full, or the peer cannot be reached
  };
  // Datagrams that came and found the socket's buffer full, ever.
  uint64_t overflows() const;

  // Sends all runs; what the kernel does not take now is dropped: a media packet is not worth
  // waiting for. A run that cannot be segmented on its way (a device without checksum offload, a
  // small MTU) goes out datagram by datagram.
  SendCounts Send(std::span<const UdpSendRun> runs);

 private:
  enum class Sharing : uint8_t { kAlone, kShared };
  static Result<UdpSocket> Bind(const SocketAddress& address, Sharing sharing);
  UdpSocket(FileDescriptor fd, SocketAddress local) : fd_(std::move(fd)), local_(local) {}
  void SendOneByOne(const UdpSendRun& run, SendCounts& counts);

  FileDescriptor fd_;
  SocketAddress local_;
  bool can_segment_ = true;  // until a device refuses
};

}  // namespace confab::net
