#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "rtc/types.h"

namespace confab::rtc {

// One datagram to send. The bytes belong to the sink that lists it and stay valid until its Clear.
struct OutgoingDatagram {
  Path path;
  BytesView bytes;
};

// Collects the datagrams that STUN, DTLS and the session want to send in one turn, in order, in one
// arena that is allocated once. Owned by the worker, used by every session in turn; one thread.
// At the limit of either bytes or datagrams a reservation is refused and counted: every protocol
// that writes here survives the loss of a datagram.
class DatagramSink {
 public:
  // Enough for the STUN and DTLS answers to a full receive batch of 64 datagrams.
  static constexpr size_t kDefaultBytes = size_t{256} * 1024;
  static constexpr size_t kDefaultDatagrams = 512;

  explicit DatagramSink(size_t max_bytes = kDefaultBytes, size_t max_datagrams = kDefaultDatagrams);
  DatagramSink(const DatagramSink&) = delete;
  DatagramSink& operator=(const DatagramSink&) = delete;

  // Room for a datagram of at most `max_size` octets, or an empty span when there is none. Ends
  // with Commit; another Reserve before that abandons this one.
  [[nodiscard]] MutableBytes Reserve(const Path& path, size_t max_size);
  // The first `size` octets of the reservation are the datagram; 0 abandons it.
  void Commit(size_t size);
  // Copies a whole datagram; false when there was no room.
  bool Append(const Path& path, BytesView bytes);

  std::span<const OutgoingDatagram> datagrams() const { return datagrams_; }
  bool empty() const { return datagrams_.empty(); }
  // Datagrams that found no room, ever.
  uint64_t dropped() const { return dropped_; }
  // Forgets the datagrams, keeps the memory.
  void Clear();

 private:
  std::vector<uint8_t> arena_;  // never grows: the views in datagrams_ point into it
  std::vector<OutgoingDatagram> datagrams_;
  size_t used_ = 0;
  Path reserved_path_;
  size_t reserved_size_ = 0;
  uint64_t dropped_ = 0;
};

}  // namespace confab::rtc
