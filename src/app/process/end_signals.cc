#include "app/process/end_signals.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <utility>

namespace confab::app {
namespace {

constexpr int kForcedStatus = 1;
constexpr int kSignalStatusBase = 128;

// What the handlers know. Static, for a signal comes to the process and to no object.
struct SignalState {
  std::atomic<bool> is_ending = false;
  std::atomic<int> wake = -1;
  std::atomic<unsigned> limit_s = 1;
};
constinit SignalState signal_state;

// From here on everything until the end of HandleEnd is called within signal handlers
// (signal-safety(7)).
void HandleLimit(int) {
  std::_Exit(kForcedStatus);
}

// False where the end had begun before.
bool BeginToEnd() {
  if (signal_state.is_ending.exchange(true)) return false;
  ::alarm(signal_state.limit_s);
  return true;
}

void HandleEnd(int signal) {
  const int before = errno;
  if (!BeginToEnd()) std::_Exit(kSignalStatusBase + signal);
  const uint64_t one = 1;
  (void)!::write(signal_state.wake, &one, sizeof(one));
  errno = before;
}

void Install(int signal, void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

unsigned WholeSeconds(TimeDelta limit) {
  constexpr int64_t kSecond = 1'000'000;
  // An alarm in no seconds would be none.
  return static_cast<unsigned>(std::max<int64_t>(1, (limit.us() + kSecond - 1) / kSecond));
}

}  // namespace

EndSignals::EndSignals(asio::io_context& io, TimeDelta limit)
    : wake_(io, ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  signal_state.wake = wake_.native_handle();
  signal_state.limit_s = WholeSeconds(limit);
  Install(SIGALRM, HandleLimit);
  Install(SIGINT, HandleEnd);
  Install(SIGTERM, HandleEnd);
}

EndSignals::~EndSignals() {
  // Left open: a handler may write to it as long as there is a process.
  (void)wake_.release();
}

void EndSignals::Wait(std::function<void()> on_first) {
  wake_.async_wait(asio::posix::descriptor_base::wait_read,
                   [on_first = std::move(on_first)](error_code failed) {
                     if (!failed) on_first();
                   });
}

void EndSignals::Begin() {
  BeginToEnd();
}

}  // namespace confab::app
