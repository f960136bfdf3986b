#include "services/media/poller.h"

namespace confab::media {

bool Poller::Open() {
  fd_ = net::FileDescriptor(epoll_create1(EPOLL_CLOEXEC));
  return fd_.value() >= 0;
}

bool Poller::Add(int fd, Kind kind, uint32_t number) {
  return Control(EPOLL_CTL_ADD, fd, kind, number, EPOLLIN);
}

bool Poller::Change(int fd, Kind kind, uint32_t number, Interest interest) {
  const uint32_t write = interest == Interest::kReadAndWrite ? uint32_t{EPOLLOUT} : 0u;
  return Control(EPOLL_CTL_MOD, fd, kind, number, EPOLLIN | write);
}

bool Poller::Control(int operation, int fd, Kind kind, uint32_t number, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = uint64_t{static_cast<uint8_t>(kind)} << 32 | number;
  return epoll_ctl(fd_.value(), operation, fd, &event) == 0;
}

std::span<const Poller::Event> Poller::Wait(int limit_ms) {
  std::array<epoll_event, kMaxEvents> ready;
  const int count = epoll_wait(fd_.value(), ready.data(), kMaxEvents, limit_ms);
  const size_t got = count > 0 ? static_cast<size_t>(count) : 0;
  for (size_t i = 0; i < got; ++i) {
    const uint64_t token = ready[i].data.u64;
    const uint32_t events = ready[i].events;
    events_[i] = {.kind = static_cast<Kind>(token >> 32),
                  .number = static_cast<uint32_t>(token),
                  .readable = (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0,
                  .writable = (events & EPOLLOUT) != 0};
  }
  return std::span(events_).first(got);
}

}  // namespace confab::media
