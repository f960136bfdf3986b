#include "backends/bus/memory/memory_ledger.h"

#include <boost/asio/post.hpp>
#include <utility>

namespace confab::bus {
namespace {

using HubPtr = std::shared_ptr<MemoryHub>;

asio::awaitable<void> NextTurn() {
  co_await asio::post(asio::use_awaitable);
}

// Free coroutines: they may outlive the ledger.

asio::awaitable<Result<Written>> WriteTo(HubPtr hub, std::shared_ptr<uint64_t> generation,
                                         std::string room, Draft draft) {
  co_await NextTurn();
  co_return hub->Write(room, *generation, draft);
}

asio::awaitable<Result<LogRead>> ReadFrom(HubPtr hub, std::string room, std::string life,
                                          uint64_t after) {
  co_await NextTurn();
  co_return hub->Read(room, life, after);
}

asio::awaitable<Result<RoomState>> SnapshotOf(HubPtr hub, std::string room) {
  co_await NextTurn();
  co_return hub->Snapshot(room);
}

asio::awaitable<Result<void>> TouchIn(HubPtr hub, std::string room) {
  co_await NextTurn();
  hub->Touch(room);
  co_return Result<void>();
}

asio::awaitable<Result<Beat>> BeatIn(HubPtr hub, std::shared_ptr<uint64_t> generation,
                                     InstanceName self, std::vector<InstanceName> remote) {
  co_await NextTurn();
  Beat beat = hub->DoBeat(self, remote);
  *generation = beat.generation;
  co_return beat;
}

asio::awaitable<Result<void>> LeaveIn(HubPtr hub, InstanceName self) {
  co_await NextTurn();
  hub->Leave(self);
  co_return Result<void>();
}

asio::awaitable<Result<size_t>> PublishIn(HubPtr hub, std::string channel, std::string bytes) {
  co_await NextTurn();
  co_return hub->Publish(channel, bytes);
}

asio::awaitable<Result<std::string>> MarkIn(HubPtr hub, std::string room, std::string name) {
  co_await NextTurn();
  co_return hub->Mark(room, name);
}

}  // namespace

MemoryLedger::MemoryLedger(asio::io_context& io, std::shared_ptr<MemoryHub> hub)
    : hub_(std::move(hub)), subscriber_(std::make_shared<MemoryHub::Subscriber>()) {
  subscriber_->io = &io;
}

void MemoryLedger::Listen(Listener listener) {
  subscriber_->listener = std::move(listener);
  hub_->Add(subscriber_);
}

asio::awaitable<Result<Written>> MemoryLedger::Write(std::string room, Draft draft) {
  return WriteTo(hub_, generation_, std::move(room), std::move(draft));
}

asio::awaitable<Result<LogRead>> MemoryLedger::Read(std::string room, std::string life,
                                                    uint64_t after) {
  return ReadFrom(hub_, std::move(room), std::move(life), after);
}

asio::awaitable<Result<RoomState>> MemoryLedger::Snapshot(std::string room) {
  return SnapshotOf(hub_, std::move(room));
}

asio::awaitable<Result<void>> MemoryLedger::Touch(std::string room) {
  return TouchIn(hub_, std::move(room));
}

asio::awaitable<Result<Beat>> MemoryLedger::DoBeat(InstanceName self,
                                                   std::vector<InstanceName> remote) {
  return BeatIn(hub_, generation_, std::move(self), std::move(remote));
}

asio::awaitable<Result<void>> MemoryLedger::Leave(InstanceName self) {
  return LeaveIn(hub_, std::move(self));
}

void MemoryLedger::TellNews(const std::string& room) {
  TellLater(subscriber_, [room](const Listener& listener) { listener.on_news(room); });
}

void MemoryLedger::Subscribe(const std::string& room) {
  subscriber_->rooms.insert(room);
  TellNews(room);
}

void MemoryLedger::Unsubscribe(const std::string& room) {
  subscriber_->rooms.erase(room);
}

void MemoryLedger::SubscribeChannel(const std::string& channel) {
  subscriber_->channels.insert(channel);
}

void MemoryLedger::UnsubscribeChannel(const std::string& channel) {
  subscriber_->channels.erase(channel);
}

asio::awaitable<Result<size_t>> MemoryLedger::Publish(std::string channel, std::string bytes) {
  return PublishIn(hub_, std::move(channel), std::move(bytes));
}

void MemoryLedger::SubscribeAll() {
  subscriber_->wants_all = true;
  for (const std::string& room : hub_->rooms()) TellNews(room);
}

asio::awaitable<Result<std::string>> MemoryLedger::Mark(std::string room, std::string name) {
  return MarkIn(hub_, std::move(room), std::move(name));
}

}  // namespace confab::bus
