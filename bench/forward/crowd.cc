#include "forward/crowd.h"
#include "net/clock.h"

#include <sys/epoll.h>

#include <array>

namespace confab::bench {
namespace {

// Timers of hundreds of peers are looked at so often.
constexpr TimeDelta kTimerInterval = TimeDelta::Millis(50);

}  // namespace

Crowd::Crowd(net::FileDescriptor poll, rtc::DtlsCertificate certificate)
    : poll_(std::move(poll)),
      context_{.certificate = std::move(certificate),
               .random = {},
               .pool = {},
               .engine = {},
               .sink = rtc::DatagramSink(),
               .open = {},
               .seal = {}} {}

Result<std::unique_ptr<Crowd>> Crowd::Open(size_t receivers, rtc::SrtpProfile profile) {
  auto certificate = rtc::DtlsCertificate::Generate();
  if (!certificate) return Fail(ErrorCode::kInternal, "OpenSSL makes no certificate");
  auto crowd = std::make_unique<Crowd>(net::FileDescriptor(epoll_create1(EPOLL_CLOEXEC)),
                                       std::move(*certificate));
  for (size_t i = 0; i <= receivers; ++i) {
    auto peer = Peer::Open(crowd->context_, profile);
    if (!peer) return std::unexpected(peer.error());
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = peer->get();
    if (epoll_ctl(crowd->poll_.value(), EPOLL_CTL_ADD, (*peer)->fd(), &event) != 0) {
      return Fail(ErrorCode::kInternal, "cannot poll the sockets: raise `ulimit -n`");
    }
    crowd->peers_.push_back(std::move(*peer));
  }
  return crowd;
}

void Crowd::RunUntil(Timestamp deadline, const std::function<bool()>& done) {
  std::array<epoll_event, 64> ready;
  for (;;) {
    const Timestamp now = net::MonotonicNow();
    if (now >= next_timers_) {
      for (const auto& peer : peers_) peer->HandleTimeout();
      next_timers_ = now + kTimerInterval;
    }
    if (now >= deadline || (done && done())) return;
    const TimeDelta wait = std::min(deadline, next_timers_) - now;
    timespec limit{.tv_sec = 0, .tv_nsec = wait.us() * 1000};
    const int count =
        epoll_pwait2(poll_.value(), ready.data(), static_cast<int>(ready.size()), &limit, nullptr);
    for (int i = 0; i < count; ++i) {
      static_cast<Peer*>(ready[static_cast<size_t>(i)].data.ptr)->Receive();
    }
  }
}

}  // namespace confab::bench
