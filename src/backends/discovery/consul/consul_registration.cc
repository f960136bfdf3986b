#include "backends/discovery/consul/consul_registration.h"

#include <algorithm>
#include <utility>

#include "backends/discovery/consul/pause.h"
#include "backends/discovery/consul/spawn_stoppable.h"
#include "net/clock.h"

namespace confab::discovery {

using observe::LogEvent, observe::LogLevel;

ConsulRegistration::ConsulRegistration(asio::io_context& io, std::shared_ptr<const ConsulApi> api,
                                       Instance self, const ConsulTimes& times,
                                       observe::Logger logger)
    : io_(io),
      api_(std::move(api)),
      self_(std::move(self)),
      times_(times),
      logger_(std::move(logger)),
      standing_(logger_, "announcement"),
      back_off_(times.first_back_off, times.most_back_off),
      wake_(io.get_executor()),
      ended_(io.get_executor()) {}

void ConsulRegistration::Start() {
  SpawnStoppable(io_, stop_, shared_from_this(), Run(shared_from_this()), [this] { ended_.Set(); });
}

void ConsulRegistration::Stop() {
  is_stopped_ = true;
  stop_.emit(asio::cancellation_type::terminal);
}

asio::awaitable<void> ConsulRegistration::Run(std::shared_ptr<ConsulRegistration> self) {
  while (!self->is_stopped_) {
    const auto done = co_await self->RenewOrRegister();
    TimeDelta pause = self->times_.renewal;
    if (done) {
      self->back_off_.Reset();
      self->standing_.Answered();
    } else {
      SecureRandom random;
      pause = self->back_off_.Next(random);
      self->standing_.Failed(done.error());
    }
    co_await self->wake_.Wait(pause);
  }
}

asio::awaitable<Result<void>> ConsulRegistration::RenewOrRegister() {
  if (is_registered_) {
    const auto renewed = co_await api_->Renew(self_, times_.request);
    if (renewed) co_return renewed;
    // Whatever it was: an agent that lost us says 404, one of an earlier version 500.
    is_registered_ = false;
    if (renewed.error().code != ErrorCode::kNotFound || is_stopped_) co_return renewed;
  }
  co_return co_await Register();
}

asio::awaitable<Result<void>> ConsulRegistration::Register() {
  const auto registered = co_await api_->Register(self_, times_.ttl, times_.request);
  if (!registered) co_return registered;
  is_registered_ = true;
  logger_.Log(LogLevel::kInfo, LogEvent::kDiscoveryAnnounced, {{"as", ConsulServiceId(self_)}});
  co_return registered;
}

asio::awaitable<void> ConsulRegistration::Withdraw(TimeDelta deadline) {
  const Timestamp end = net::MonotonicNow() + deadline;
  is_stopped_ = true;
  wake_.Set();
  // Half of the time at most: the rest is for the request below.
  co_await ended_.Wait(std::min(times_.request, deadline / 2));
  if (!ended_.is_set()) stop_.emit(asio::cancellation_type::terminal);
  const TimeDelta left = std::min(end - net::MonotonicNow(), times_.request);
  if (left <= TimeDelta()) co_return;
  const auto done = co_await api_->Deregister(self_, left);
  if (done) {
    logger_.Log(LogLevel::kInfo, LogEvent::kDiscoveryWithdrawn, {{"as", ConsulServiceId(self_)}});
  } else {
    standing_.Failed(done.error());
  }
}

}  // namespace confab::discovery
