#include "backends/bus/pulse.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "net/clock.h"

namespace confab::bus {

Pulse::Pulse(std::shared_ptr<BusContext> context, std::shared_ptr<RoomReaders> readers,
             std::shared_ptr<Publisher> publisher)
    : context_(std::move(context)),
      readers_(std::move(readers)),
      publisher_(std::move(publisher)),
      presence_(context_->times.ttl),
      instances_(context_->io),
      ended_(context_->io.get_executor()) {}

void Pulse::Start() {
  asio::co_spawn(context_->io, Run(shared_from_this()), asio::detached);
}

asio::awaitable<void> Pulse::End(TimeDelta limit) {
  const auto self = shared_from_this();
  self->is_ending_ = true;
  self->context_->beat_now.Set();
  co_await self->ended_.Wait(limit);
}

asio::awaitable<void> Pulse::Run(std::shared_ptr<Pulse> self) {
  const auto context = self->context_;
  int failures = 0;
  while (!context->is_stopped && !self->is_ending_) {
    context->beat_now.Reset();
    const auto beat = co_await context->ledger->DoBeat(context->self, {});
    if (context->is_stopped) break;
    if (beat) {
      failures = 0;
      self->Take(*beat);
      co_await context->beat_now.Wait(context->times.beat);
      continue;
    }
    self->presence_.Lose();
    context->Failed(beat.error());
    context->reason = beat.error().message;
    context->beat_now.Reset();  // the failure set it itself
    co_await context->beat_now.Wait(context->BackOff(failures++));
  }
  self->ended_.Set();
}

void Pulse::Take(const Beat& beat) {
  const bool is_first = generation_ == 0;
  const bool is_wiped = !is_first && beat.generation != generation_;
  generation_ = beat.generation;
  if (is_wiped) ++context_->counts.wipes;
  if (is_wiped || (beat.is_new && !is_first)) {
    publisher_->RestateAll();
    readers_->WakeAll();
  }
  const Timestamp now = net::MonotonicNow();
  if (!context_->up.is_set()) {
    context_->up_since = now;
    context_->reason.clear();
    context_->up.Set();
    readers_->WakeAll();
  }
  if (presence_.Update(beat.alive)) instances_.Publish(presence_.alive());
  publisher_->Tidy(now);
  Sweep();
}

void Pulse::Sweep() {
  if (is_sweeping_) return;
  auto ghosts = readers_->FindGhosts(presence_, net::MonotonicNow());
  if (ghosts.empty()) return;
  is_sweeping_ = true;
  asio::co_spawn(context_->io, Remove(shared_from_this(), std::move(ghosts)), asio::detached);
}

asio::awaitable<void> Pulse::Remove(std::shared_ptr<Pulse> self,
                                    std::vector<RoomReaders::Ghost> ghosts) {
  const auto context = self->context_;
  for (const RoomReaders::Ghost& ghost : ghosts) {
    Draft draft{.kind = EntryKind::kGone, .origin = ghost.owner, .floor = ghost.floor};
    const auto written = co_await context->ledger->Write(ghost.room, std::move(draft));
    if (context->is_stopped) break;
    if (!written) {
      context->Failed(written.error());
      break;  // they are found again
    }
    // Where something was written, the log tells; another one may have been first.
    if (written->verdict == Verdict::kRepeated) self->readers_->ForgetGhost(ghost);
    if (written->verdict == Verdict::kDone) ++context->counts.ghosts;
  }
  self->is_sweeping_ = false;
}

}  // namespace confab::bus
