#include "backends/bus/counted_ledger.h"

#include <utility>

#include "net/clock.h"

namespace confab::bus {
namespace {

template <typename T>
asio::awaitable<Result<T>> Counted(std::shared_ptr<LedgerCounts> counts,
                                   asio::awaitable<Result<T>> question) {
  const Timestamp asked = net::MonotonicNow();
  Result<T> answer = co_await std::move(question);
  if (answer) {
    ++counts->answered;
    counts->answer_times.Observe(net::MonotonicNow() - asked);
  } else {
    ++(answer.error().code == ErrorCode::kLimitExceeded ? counts->full : counts->unanswered);
  }
  co_return answer;
}

}  // namespace

void CountedLedger::Listen(Listener listener) {
  ledger_->Listen(std::move(listener));
}

asio::awaitable<Result<Written>> CountedLedger::Write(std::string room, Draft draft) {
  return Counted(counts_, ledger_->Write(std::move(room), std::move(draft)));
}

asio::awaitable<Result<LogRead>> CountedLedger::Read(std::string room, std::string life,
                                                     uint64_t after) {
  return Counted(counts_, ledger_->Read(std::move(room), std::move(life), after));
}

asio::awaitable<Result<RoomState>> CountedLedger::Snapshot(std::string room) {
  return Counted(counts_, ledger_->Snapshot(std::move(room)));
}

asio::awaitable<Result<void>> CountedLedger::Touch(std::string room) {
  return Counted(counts_, ledger_->Touch(std::move(room)));
}

asio::awaitable<Result<Beat>> CountedLedger::DoBeat(InstanceName self,
                                                    std::vector<InstanceName> remote) {
  return Counted(counts_, ledger_->DoBeat(std::move(self), std::move(remote)));
}

asio::awaitable<Result<void>> CountedLedger::Leave(InstanceName self) {
  return Counted(counts_, ledger_->Leave(std::move(self)));
}

void CountedLedger::Subscribe(const std::string& room) {
  ledger_->Subscribe(room);
}

void CountedLedger::Unsubscribe(const std::string& room) {
  ledger_->Unsubscribe(room);
}

void CountedLedger::SubscribeChannel(const std::string& channel) {
  ledger_->SubscribeChannel(channel);
}

void CountedLedger::UnsubscribeChannel(const std::string& channel) {
  ledger_->UnsubscribeChannel(channel);
}

asio::awaitable<Result<size_t>> CountedLedger::Publish(std::string channel, std::string bytes) {
  return Counted(counts_, ledger_->Publish(std::move(channel), std::move(bytes)));
}

void CountedLedger::SubscribeAll() {
  ledger_->SubscribeAll();
}

asio::awaitable<Result<std::string>> CountedLedger::Mark(std::string room, std::string name) {
  return Counted(counts_, ledger_->Mark(std::move(room), std::move(name)));
}

}  // namespace confab::bus
