#include "rtc/dtls/dtls_flight.h"

namespace confab::rtc {

void DtlsFlight::Add(BytesView datagram) {
  if (bytes_.size() + datagram.size() > kMaxBytes || sizes_.size() == kMaxDatagrams) return;
  bytes_.insert(bytes_.end(), datagram.begin(), datagram.end());
  sizes_.push_back(static_cast<uint16_t>(datagram.size()));
}

void DtlsFlight::SendAll(const Path& path, DatagramSink& sink) const {
  BytesView rest(bytes_);
  for (const uint16_t size : sizes_) {
    sink.Append(path, rest.first(size));
    rest = rest.subspan(size);
  }
}

void DtlsFlight::Clear() {
  bytes_.clear();
  sizes_.clear();
}

void DtlsFlight::Release() {
  *this = DtlsFlight();
}

}  // namespace confab::rtc
