#include "rtc/datagram_sink.h"

#include <algorithm>

#include "base/check.h"

namespace confab::rtc {

DatagramSink::DatagramSink(size_t max_bytes, size_t max_datagrams) : arena_(max_bytes) {
  datagrams_.reserve(max_datagrams);
}

MutableBytes DatagramSink::Reserve(const Path& path, size_t max_size) {
  reserved_size_ = 0;
  const bool fits = max_size > 0 && max_size <= arena_.size() - used_ &&
                    datagrams_.size() < datagrams_.capacity();
  if (!fits) {
    ++dropped_;
    return {};
  }
  reserved_path_ = path;
  reserved_size_ = max_size;
  return MutableBytes(arena_).subspan(used_, max_size);
}

void DatagramSink::Commit(size_t size) {
  CHECK(size <= reserved_size_);
  reserved_size_ = 0;
  if (size == 0) return;
  datagrams_.push_back({reserved_path_, BytesView(arena_).subspan(used_, size)});
  used_ += size;
}

bool DatagramSink::Append(const Path& path, BytesView bytes) {
  const MutableBytes room = Reserve(path, bytes.size());
  if (room.empty()) return false;
  std::ranges::copy(bytes, room.begin());
  Commit(bytes.size());
  return true;
}

void DatagramSink::Clear() {
  datagrams_.clear();
  used_ = 0;
  reserved_size_ = 0;
}

}  // namespace confab::rtc
