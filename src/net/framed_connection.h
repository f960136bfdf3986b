#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/socket_address.h"
#include "net/file_descriptor.h"
#include "net/packet_framing.h"

namespace confab::net {

// A TCP connection that carries packets (RFC 4571), without a thread: its owner polls. What cannot
// be written yet waits in a bounded queue; what does not fit is refused, packet by packet, so a
// reader that does not read costs a fixed amount of memory and nobody's time. Belongs to one
// thread.
class FramedConnection {
 public:
  // What the kernel may hold unsent: beyond it, packets wait here, where they can still be refused.
  static constexpr int kKernelUnsentBytes = 64 * 1024;
  // A queue that has grown is given back when it is empty.
  static constexpr size_t kKeptQueueBytes = 16 * 1024;

  // `fd` is a connected, non-blocking socket. Received packets have at most `max_packet` octets.
  FramedConnection(FileDescriptor fd, size_t max_packet);

  int fd() const { return fd_.value(); }

  enum class ReadResult : uint8_t {
    kOpen,     // perhaps with packets: call Next until it has none
    kEnded,    // the peer has closed, or the connection is broken
    kNotStun,  // it does not begin with a framed STUN message
  };
  // Reads once, into `buffer`, which stays with the caller until Next has no more.
  ReadResult Read(MutableBytes buffer);
  // The next packet of what was read last; the view lives until the next call.
  std::optional<BytesView> Next() { return reader_.Next(unread_); }
  uint64_t oversized() const { return reader_.oversized(); }

  // Appends a packet. Tries to make room first; false: then more than `limit` octets would wait, or
  // the connection is broken; the packet is not sent.
  [[nodiscard]] bool Queue(BytesView packet, size_t limit);
  // Writes what waits, as far as the kernel takes it. False: the connection is broken. Call it
  // after the last Queue of a turn, and when poll says writable while queued() is not 0.
  [[nodiscard]] bool Flush();
  size_t queued() const { return queue_.size() - queue_begin_; }
  // Octets of memory that the queue holds.
  size_t queue_capacity() const { return queue_.capacity(); }

 private:
  bool IsStun(BytesView received);
  void Compact();

  FileDescriptor fd_;
  FrameReader reader_;
  BytesView unread_;
  std::array<uint8_t, kOpeningSize> opening_{};  // the first octets, until they are decided
  size_t opening_size_ = 0;
  FramedOpening opened_ = FramedOpening::kUndecided;
  std::vector<uint8_t> queue_;
  size_t queue_begin_ = 0;
  bool blocked_ = false;  // the kernel took less than was offered in this turn
  bool broken_ = false;
};

}  // namespace confab::net
