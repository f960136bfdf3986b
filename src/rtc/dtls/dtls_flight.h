#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "rtc/datagram_sink.h"
#include "rtc/types.h"

namespace confab::rtc {

// The datagrams of a server's newest flight (RFC 6347 §4.2.4), as they were sent: what answers a
// client that repeats its last one once the SSL object is gone. A value; bounded.
class DtlsFlight {
 public:
  // A flight with our certificate is about 1 KB in one or two datagrams; small MTUs make more. What
  // is beyond the limit is not repeated.
  static constexpr size_t kMaxBytes = 4096;
  static constexpr size_t kMaxDatagrams = 24;

  void Add(BytesView datagram);
  void SendAll(const Path& path, DatagramSink& sink) const;
  void Clear();
  // Gives the memory back, too.
  void Release();
  bool empty() const { return sizes_.empty(); }
  size_t bytes() const { return bytes_.size(); }

 private:
  std::vector<uint8_t> bytes_;
  std::vector<uint16_t> sizes_;
};

}  // namespace confab::rtc
