#include "backends/bus/ledger_bus.h"

#include <utility>

#include "backends/bus/bus_context.h"
#include "backends/bus/message.h"
#include "backends/bus/publisher.h"
#include "backends/bus/pulse.h"
#include "backends/bus/room_readers.h"
#include "net/clock.h"

namespace confab::bus {

struct LedgerBus::Mail {
  OnMessage on_message;
  size_t waiting = 0;

  void Deliver(const std::string& bytes) const {
    const auto message = ParseMessage(bytes);
    if (!message || !on_message) return;
    const OnMessage to = on_message;  // it may be replaced, or the bus end, while it is called
    to(message->from, message->bytes);
  }
};

LedgerBus::LedgerBus(asio::io_context& io, std::unique_ptr<Ledger> ledger, InstanceName self,
                     const Times& times)
    : context_(std::make_shared<BusContext>(io, std::move(ledger), times, std::move(self))),
      readers_(std::make_shared<RoomReaders>(context_)),
      publisher_(std::make_shared<Publisher>(context_, readers_)),
      pulse_(std::make_shared<Pulse>(context_, readers_, publisher_)),
      mail_(std::make_shared<Mail>()) {
  Ledger::Listener listener;
  listener.on_news = [readers = std::weak_ptr(readers_)](const std::string& room) {
    if (const auto to = readers.lock()) to->Wake(room);
  };
  listener.on_message = [mail = std::weak_ptr(mail_)](const std::string&,
                                                      const std::string& bytes) {
    if (const auto to = mail.lock()) to->Deliver(bytes);
  };
  listener.on_instances = [context = std::weak_ptr(context_)] {
    if (const auto to = context.lock()) to->beat_now.Set();
  };
  listener.on_hearing = [context = std::weak_ptr(context_)](const std::string& why_not) {
    if (const auto to = context.lock()) to->SetHearing(why_not);
  };
  context_->ledger->Listen(std::move(listener));
  context_->ledger->SubscribeChannel(MessageChannel(context_->self));
  pulse_->Start();
}

LedgerBus::~LedgerBus() {
  context_->is_stopped = true;
  publisher_->Stop();
  mail_->on_message = nullptr;
  context_->up.Set();
  context_->beat_now.Set();
  context_->ledger.reset();
}

const InstanceName& LedgerBus::self() const {
  return context_->self;
}

asio::awaitable<Result<uint64_t>> LedgerBus::Change(std::string room, RoomChange change,
                                                    Patience patience) {
  return publisher_->Change(std::move(room), std::move(change), patience);
}

namespace {

Error ShutDown() {
  return {ErrorCode::kShuttingDown, "the bus is shut down"};
}

asio::awaitable<Result<RoomState>> TakeSnapshot(std::shared_ptr<BusContext> context,
                                                std::string room) {
  if (context->is_stopped) co_return std::unexpected(ShutDown());
  auto state = co_await context->ledger->Snapshot(std::move(room));
  if (!state) context->Failed(state.error());
  co_return state;
}

}  // namespace

asio::awaitable<Result<RoomState>> LedgerBus::Snapshot(std::string room) {
  return TakeSnapshot(context_, std::move(room));
}

std::unique_ptr<Bus::Following> LedgerBus::Follow(const std::string& room, Position position,
                                                  Follower follower) {
  if (!IsRoom(room) || readers_->rooms() >= kMaxFollowedRooms) return nullptr;
  return readers_->Follow(room, std::move(position), std::move(follower));
}

std::unique_ptr<Bus::Following> LedgerBus::FollowInstances(OnInstances on_instances) {
  return pulse_->instances().Add(std::move(on_instances));
}

asio::awaitable<Result<void>> LedgerBus::Post(std::shared_ptr<BusContext> context,
                                              std::shared_ptr<Mail> mail, InstanceName to,
                                              std::string message) {
  if (context->is_stopped) co_return std::unexpected(ShutDown());
  ++mail->waiting;
  const auto heard = co_await context->ledger->Publish(MessageChannel(to), std::move(message));
  --mail->waiting;
  if (!heard) {
    context->Failed(heard.error());
    co_return std::unexpected(heard.error());
  }
  if (*heard > 0) co_return Result<void>();
  co_return Fail(ErrorCode::kNotFound,
                 "instance " + to.text() + " does not listen: it is gone, or will be back soon");
}

namespace {

asio::awaitable<Result<void>> Refused(ErrorCode code, std::string message) {
  co_return Fail(code, std::move(message));
}

}  // namespace

asio::awaitable<Result<void>> LedgerBus::Send(InstanceName to, std::string bytes) {
  if (bytes.size() > kMaxMessageOctets) {
    return Refused(ErrorCode::kInvalidMessage,
                   "the bus does not take a message of more than 64 KiB");
  }
  if (mail_->waiting >= kMaxWaitingMessages) {
    return Refused(ErrorCode::kLimitExceeded,
                   "too many messages wait for the bus already: try again later");
  }
  return Post(context_, mail_, std::move(to), MakeMessage(context_->self, bytes));
}

void LedgerBus::SetOnMessage(OnMessage on_message) {
  mail_->on_message = std::move(on_message);
}

asio::awaitable<void> LedgerBus::Leave(TimeDelta deadline) {
  const auto context = context_;
  const auto publisher = publisher_;
  const auto pulse = pulse_;
  const Timestamp end = net::MonotonicNow() + deadline;
  co_await publisher->WaitUntilIdle(deadline);
  co_await pulse->End(end - net::MonotonicNow());
  if (context->is_stopped) co_return;
  const auto left = co_await context->ledger->Leave(context->self);
  if (!left) context->Failed(left.error());  // others hear of it after the ttl
}

BusStatus LedgerBus::status() const {
  BusStatus status = context_->counts;
  status.is_answering = context_->up.is_set() && !context_->is_stopped;
  status.is_up = status.is_answering && context_->deaf.empty();
  status.reason = status.is_answering ? context_->deaf : context_->reason;
  status.pending_changes = publisher_->pending();
  status.followed_rooms = readers_->rooms();
  const LedgerCounts& ledger = *context_->ledger_counts;
  status.answered = ledger.answered;
  status.unanswered = ledger.unanswered;
  status.full = ledger.full;
  status.answer_times = ledger.answer_times;
  return status;
}

}  // namespace confab::bus
