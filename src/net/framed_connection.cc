#include "net/framed_connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace confab::net {

FramedConnection::FramedConnection(FileDescriptor fd, size_t max_packet)
    : fd_(std::move(fd)), reader_(max_packet) {
  const auto set = [this](int option, int value) {
    setsockopt(fd_.value(), IPPROTO_TCP, option, &value, sizeof(value));
  };
  set(TCP_NODELAY, 1);
  set(TCP_NOTSENT_LOWAT, kKernelUnsentBytes);
}

FramedConnection::ReadResult FramedConnection::Read(MutableBytes buffer) {
  const ssize_t got = recv(fd_.value(), buffer.data(), buffer.size(), 0);
  if (got == 0) return ReadResult::kEnded;
  if (got < 0) {
    const bool is_early = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return is_early ? ReadResult::kOpen : ReadResult::kEnded;
  }
  unread_ = buffer.first(static_cast<size_t>(got));
  return IsStun(unread_) ? ReadResult::kOpen : ReadResult::kNotStun;
}

bool FramedConnection::IsStun(BytesView received) {
  if (opened_ == FramedOpening::kUndecided) {
    const size_t count = std::min(received.size(), kOpeningSize - opening_size_);
    std::copy_n(received.begin(), count, opening_.begin() + static_cast<ptrdiff_t>(opening_size_));
    opening_size_ += count;
    opened_ = ReadFramedOpening(BytesView(opening_).first(opening_size_));
  }
  return opened_ != FramedOpening::kOther;
}

bool FramedConnection::Queue(BytesView packet, size_t limit) {
  if (broken_ || packet.size() > kMaxFramedPacket) return false;
  const size_t added = kFramePrefixSize + packet.size();
  if (queued() + added > limit && !blocked_ && !Flush()) return false;
  if (queued() + added > limit) return false;
  Compact();
  const size_t at = queue_.size();
  queue_.resize(at + added);
  WriteFramePrefix(&queue_[at], packet.size());
  std::ranges::copy(packet, queue_.begin() + static_cast<ptrdiff_t>(at + kFramePrefixSize));
  return true;
}

bool FramedConnection::Flush() {
  blocked_ = false;
  while (!broken_ && queued() > 0) {
    // MSG_NOSIGNAL: a peer that is gone is an error here, not a signal to the process.
    const ssize_t sent = send(fd_.value(), &queue_[queue_begin_], queued(), MSG_NOSIGNAL);
    if (sent >= 0) {
      queue_begin_ += static_cast<size_t>(sent);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      blocked_ = true;
      break;
    } else if (errno != EINTR) {
      broken_ = true;
    }
  }
  if (queued() == 0) {
    queue_.clear();
    queue_begin_ = 0;
    if (queue_.capacity() > kKeptQueueBytes) std::vector<uint8_t>().swap(queue_);
  }
  return !broken_;
}

// What was sent makes room once it is half of the queue: each octet moves once on the average.
void FramedConnection::Compact() {
  if (queue_begin_ == 0 || queue_begin_ < queue_.size() / 2) return;
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<ptrdiff_t>(queue_begin_));
  queue_begin_ = 0;
}

}  // namespace confab::net
