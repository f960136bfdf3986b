#include "backends/bus/testing/faulty_ledger.h"

#include <boost/asio/post.hpp>
#include <utility>

namespace confab::bus {
namespace {

template <typename T>
asio::awaitable<Result<T>> Spoil(std::shared_ptr<FaultPlan> plan, asio::awaitable<Result<T>> work) {
  ++plan->questions;
  const Fault fault = plan->next();
  if (fault == Fault::kBefore) {
    co_await asio::post(asio::use_awaitable);
    co_return Fail(ErrorCode::kUnavailable, "cut before the question came there");
  }
  auto result = co_await std::move(work);
  if (fault == Fault::kAfter) {
    co_return Fail(ErrorCode::kUnavailable, "cut before the answer came back");
  }
  co_return result;
}

}  // namespace

asio::awaitable<Result<Written>> FaultyLedger::Write(std::string room, Draft draft) {
  return Spoil(plan_, inner_->Write(std::move(room), std::move(draft)));
}

asio::awaitable<Result<LogRead>> FaultyLedger::Read(std::string room, std::string life,
                                                    uint64_t after) {
  return Spoil(plan_, inner_->Read(std::move(room), std::move(life), after));
}

asio::awaitable<Result<RoomState>> FaultyLedger::Snapshot(std::string room) {
  const auto plan = plan_;
  auto work = Spoil(plan, inner_->Snapshot(std::move(room)));
  if (plan->before_snapshot) co_await plan->before_snapshot();
  co_return co_await std::move(work);
}

asio::awaitable<Result<void>> FaultyLedger::Touch(std::string room) {
  return Spoil(plan_, inner_->Touch(std::move(room)));
}

asio::awaitable<Result<Beat>> FaultyLedger::DoBeat(InstanceName self,
                                                   std::vector<InstanceName> remote) {
  return Spoil(plan_, inner_->DoBeat(std::move(self), std::move(remote)));
}

asio::awaitable<Result<void>> FaultyLedger::Leave(InstanceName self) {
  return Spoil(plan_, inner_->Leave(std::move(self)));
}

asio::awaitable<Result<size_t>> FaultyLedger::Publish(std::string channel, std::string bytes) {
  return Spoil(plan_, inner_->Publish(std::move(channel), std::move(bytes)));
}

asio::awaitable<Result<std::string>> FaultyLedger::Mark(std::string room, std::string name) {
  plan_->marks.push_back(room);
  return Spoil(plan_, inner_->Mark(std::move(room), std::move(name)));
}

}  // namespace confab::bus
