#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "backends/bus/bus.h"
#include "backends/bus/counted_ledger.h"
#include "backends/bus/ledger.h"
#include "base/random.h"
#include "net/event.h"

namespace confab::bus {

// What the parts of one bus share: the ledger, whether it answers and tells. Shared with their
// coroutines, which end soon after is_stopped. One thread.
struct BusContext {
  BusContext(asio::io_context& context, std::unique_ptr<Ledger> books, const Times& t,
             InstanceName name)
      : io(context),
        ledger_counts(std::make_shared<LedgerCounts>()),
        ledger(std::make_unique<CountedLedger>(std::move(books), ledger_counts)),
        times(t),
        self(std::move(name)),
        up(context.get_executor()),
        beat_now(context.get_executor()) {}

  asio::io_context& io;
  std::shared_ptr<LedgerCounts> ledger_counts;  // with the ledger and its questions
  // Gone once stopped: look at is_stopped after every co_await.
  std::unique_ptr<Ledger> ledger;
  Times times;
  InstanceName self;
  bool is_stopped = false;
  // Set while the ledger answers, and when stopped.
  net::Event up;
  net::Event beat_now;
  std::string reason = "Redis has not been asked yet";
  std::string deaf;  // why the ledger does not tell what happens; "": it does
  Timestamp up_since = Timestamp::Never();
  BusStatus counts;  // the counters in it alone

  // A question was not answered: the next beat will say whether that was all.
  void Failed(const Error& error) {
    if (is_stopped || error.code != ErrorCode::kUnavailable) return;
    if (is_whole()) ++counts.losses;
    up.Reset();
    reason = error.message;
    up_since = Timestamp::Never();
    beat_now.Set();
  }

  // What is written reaches the ledger all the same, so nothing waits for it.
  void SetHearing(const std::string& why_not) {
    if (is_whole() && !why_not.empty()) ++counts.losses;
    deaf = why_not;
  }

  bool is_whole() const { return up.is_set() && deaf.empty(); }

  // Doubled with each failure; a random part between half and all of it, so that many do not come
  // back at the same moment.
  TimeDelta BackOff(int failures) const {
    constexpr int kMaxDoublings = 16;
    const TimeDelta all = std::min(times.first_back_off * (1 << std::min(failures, kMaxDoublings)),
                                   times.most_back_off);
    const auto half_us = static_cast<uint64_t>(all.us() / 2);
    return TimeDelta::Micros(static_cast<int64_t>(half_us + SecureRandom().U64() % (half_us + 1)));
  }
};

// Waits out the back-off and then until the ledger answers again, or the bus is stopped.
inline asio::awaitable<void> WaitAfterFailure(std::shared_ptr<BusContext> context, int failures) {
  asio::steady_timer timer(context->io, ToChrono(context->BackOff(failures)));
  error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  co_await context->up.Wait();
}

}  // namespace confab::bus
