#include "backends/discovery/consul/consul_watch.h"

#include <algorithm>
#include <utility>

#include "backends/discovery/consul/pause.h"
#include "backends/discovery/consul/spawn_stoppable.h"
#include "net/clock.h"

namespace confab::discovery {

using observe::LogEvent, observe::LogLevel;

ConsulWatch::ConsulWatch(asio::io_context& io, std::shared_ptr<const ConsulApi> api,
                         ServiceKind kind, const ConsulTimes& times, observe::Logger logger)
    : io_(io),
      api_(std::move(api)),
      kind_(kind),
      times_(times),
      logger_(std::move(logger)),
      standing_(logger_, ToString(kind)),
      feed_(io),
      back_off_(times.first_back_off, times.most_back_off),
      rate_(times.burst, times.query_interval) {}

void ConsulWatch::Start() {
  SpawnStoppable(io_, stop_, shared_from_this(), Run(shared_from_this()), [] {});
}

void ConsulWatch::Stop() {
  is_stopped_ = true;
  stop_.emit(asio::cancellation_type::terminal);
}

asio::awaitable<void> ConsulWatch::Run(std::shared_ptr<ConsulWatch> self) {
  while (!self->is_stopped_) {
    const TimeDelta turn = self->rate_.Take(net::MonotonicNow());
    if (turn > TimeDelta()) co_await Pause(turn);
    if (self->is_stopped_) break;
    if (co_await self->AskOnce()) continue;
    SecureRandom random;
    co_await Pause(self->back_off_.Next(random));
  }
}

// Whether there was an answer.
asio::awaitable<bool> ConsulWatch::AskOnce() {
  auto found = co_await api_->Healthy(kind_, index_.value(), WaitForNews(), times_.request);
  if (is_stopped_) co_return false;
  if (!found) {
    index_.Forget();
    was_away_ = true;
    standing_.Failed(found.error());
    co_return false;
  }
  back_off_.Reset();
  standing_.Answered();
  Take(std::move(*found));
  co_return true;
}

// An outage ends with a question of its own, though nothing changes.
TimeDelta ConsulWatch::WaitForNews() const {
  const TimeDelta settling = settled_at_ - net::MonotonicNow();
  if (settling <= TimeDelta()) return times_.wait;
  return std::min(times_.wait, settling + TimeDelta::Millis(1));
}

void ConsulWatch::Take(ConsulApi::Instances found) {
  index_.Take(found.index);
  ConsulAnswer& answer = found.answer;
  if (answer.first_skipped != complaint_ && answer.skipped > 0) {
    logger_.Log(
        LogLevel::kWarning, LogEvent::kDiscoveryEntrySkipped,
        {{"about", ToString(kind_)}, {"entries", answer.skipped}, {"first", answer.first_skipped}});
  }
  complaint_ = std::move(answer.first_skipped);
  if (std::exchange(was_away_, false)) settled_at_ = net::MonotonicNow() + times_.settling;
  published_ = Completed(std::move(answer.instances));
  feed_.Publish(published_);
}

std::vector<Instance> ConsulWatch::Completed(std::vector<Instance> instances) const {
  if (net::MonotonicNow() >= settled_at_) return instances;
  for (const Instance& known : published_) {
    const bool is_back = std::ranges::find(instances, known.id, &Instance::id) != instances.end();
    if (!is_back) instances.push_back(known);
  }
  return instances;
}

}  // namespace confab::discovery
