#include "backends/discovery/consul/consul_watch.h"

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
  auto found = co_await api_->Healthy(kind_, index_.value(), times_.wait, times_.request);
  if (is_stopped_) co_return false;
  if (!found) {
    index_.Forget();
    standing_.Failed(found.error());
    co_return false;
  }
  back_off_.Reset();
  standing_.Answered();
  Take(std::move(*found));
  co_return true;
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
  feed_.Publish(std::move(answer.instances));
}

}  // namespace confab::discovery
